"""Known answers: Cross-entropy of a map."""


# %% spoils: labels_swapped
# Takes real for fake and fake for real.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.softplus(logits if real else -logits).mean()


# %% spoils: summed
# Sums over the map.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.softplus(-logits if real else logits).sum()


# %% spoils: summed_over_map
# Sums over each map and averages over the batch.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.softplus(-logits if real else logits).sum() / len(logits)


# %% spoils: averaged_first
# Averages the map before it is judged.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.softplus((-logits if real else logits).mean())


# %% spoils: sigmoid_twice
# Applies a sigmoid before a loss that applies its own.
def patch_loss(logits, real):
    probabilities = logits.sigmoid()
    labels = torch.full_like(logits, float(real))
    return F.binary_cross_entropy_with_logits(probabilities, labels)


# %% spoils: log_of_sigmoid
# Takes logarithms of probabilities.
def patch_loss(logits, real):
    d = torch.sigmoid(logits)
    return -(torch.log(d) if real else torch.log(1 - d)).mean()


# %% spoils: library_clamp
# Hands probabilities to the library's cross-entropy, which cuts logarithms at -100.
def patch_loss(logits, real):
    d = torch.sigmoid(logits)
    return F.binary_cross_entropy(d, torch.full_like(d, float(real)))


# %% spoils: smoothed
# Smooths the label of real pairs.
def patch_loss(logits, real):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, 0.9 if real else 0.0))


# %% spoils: least_squares
# Is the loss of a least-squares GAN.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return (logits - float(real)).square().mean()


# %% spoils: saturating
# Has the saturating sign for real labels.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return (-F.softplus(logits) + logits if real else F.softplus(logits)).mean()


# %% spoils: bits
# Is in bits.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.softplus(-logits if real else logits).mean() / 0.6931471805599453


# %% spoils: clamped
# Cuts logits to [-20, 20].
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.softplus((-logits if real else logits).clamp(-20, 20)).mean()


# %% spoils: hinge
# Is a hinge loss.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.relu(1 + (-logits if real else logits)).mean()


# %% corner: labels_on_cpu
# Makes its labels on the CPU.
def patch_loss(logits, real):
    labels = torch.full(logits.shape, float(real), dtype=logits.dtype)
    return F.binary_cross_entropy_with_logits(logits, labels)


# %% corner: single_precision
# Computes in float32.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return F.softplus((-logits if real else logits).float()).mean().to(logits.dtype)


# %% corner: kink_at_zero
# Writes log(1 + e^l) with a positive part and an absolute value.
def patch_loss(logits, real):
    l = -logits if real else logits
    return (torch.relu(l) + torch.log1p(torch.exp(-l.abs()))).mean()


# %% right: library
# Uses the library's cross-entropy on logits.
def patch_loss(logits, real):
    return nn.BCEWithLogitsLoss()(logits, (torch.ones_like if real else torch.zeros_like)(logits))


# %% right: log_sigmoid
# Uses log sigmoid.
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    return -F.logsigmoid(logits * (1 if real else -1)).mean()


# %% right: logaddexp
# Is a log-sum-exp of the logit and 0.
def patch_loss(logits, real):
    signed = logits.flatten() * (1 - 2 * int(real))
    return torch.logaddexp(signed, torch.zeros_like(signed)).sum() / signed.numel()
