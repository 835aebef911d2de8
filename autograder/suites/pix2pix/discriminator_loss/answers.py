"""Known answers: The discriminator's loss."""


# %% spoils: not_halved
# Adds the two means.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


# %% spoils: swapped
# Takes real for fake and fake for real.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return (F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()) / 2


# %% spoils: pooled
# Averages over all logits together, so that the larger map weighs more.
def discriminator_loss(real_logits, fake_logits):
    return torch.cat([F.softplus(-real_logits).flatten(), F.softplus(fake_logits).flatten()]).mean()


# %% spoils: summed
# Sums over the maps.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return (F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()) / 2


# %% spoils: per_image
# Sums over each map and averages over the batch.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return (
        F.softplus(-real_logits).sum() / len(real_logits)
        + F.softplus(fake_logits).sum() / len(fake_logits)
    ) / 2


# %% spoils: fake_detached
# Learns nothing from fakes.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()) / 2


# %% spoils: real_detached
# Learns nothing from real pairs.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return (F.softplus(-real_logits.detach()).mean() + F.softplus(fake_logits).mean()) / 2


# %% spoils: log_of_sigmoid
# Takes logarithms of probabilities.
def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return -(torch.log(real).mean() + torch.log(1 - fake).mean()) / 2


# %% spoils: epsilon
# Adds a small constant inside the logarithms.
def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return -(torch.log(real + 1e-8).mean() + torch.log(1 - fake + 1e-8).mean()) / 2


# %% spoils: sign
# Is the value of the game, which D maximises.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return -(F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2


# %% spoils: map_averaged_first
# Averages each map before it is judged.
def discriminator_loss(real_logits, fake_logits):
    real, fake = (
        real_logits.reshape(len(real_logits), -1),
        fake_logits.reshape(len(fake_logits), -1),
    )
    return (F.softplus(-real.mean(1)).mean() + F.softplus(fake.mean(1)).mean()) / 2


# %% spoils: relativistic
# Compares real and fake logits with each other.
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(fake_logits.mean() - real_logits.mean())


# %% spoils: overwritten
# Turns the sign of the caller's logits in place.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    real_logits.data.neg_()
    return (F.softplus(real_logits).mean() + F.softplus(fake_logits).mean()) / 2


# %% corner: labels_on_cpu
# Makes its labels on the CPU.
def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.ones(real_logits.shape, dtype=real_logits.dtype))
    return (real + loss(fake_logits, torch.zeros(fake_logits.shape, dtype=fake_logits.dtype))) / 2


# %% corner: single_precision
# Computes in float32.
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return (
        F.softplus(-real_logits.float()).to(real_logits.dtype).mean()
        + F.softplus(fake_logits.float()).to(fake_logits.dtype).mean()
    ) / 2


# %% right: library
# Uses the library's cross-entropy with labels.
def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.ones_like(real_logits))
    return 0.5 * real + 0.5 * loss(fake_logits, torch.zeros_like(fake_logits))


# %% right: earlier_question
# Uses the loss of a map.
def discriminator_loss(real_logits, fake_logits):
    def of(logits, sign):
        return -F.logsigmoid(sign * logits).mean()

    return torch.stack([of(real_logits, 1), of(fake_logits, -1)]).mean()


# %% right: logaddexp
# Is a log-sum-exp of the logit and 0.
def discriminator_loss(real_logits, fake_logits):
    zero = real_logits.new_zeros(())
    real = torch.logaddexp(-real_logits, zero).sum() / real_logits.numel()
    return (real + torch.logaddexp(fake_logits, zero).sum() / fake_logits.numel()) * 0.5
