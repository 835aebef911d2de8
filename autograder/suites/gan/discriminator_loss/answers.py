"""Known answers: The discriminator's cross-entropy."""

# %% wrong: clamped
# Adds a small constant inside the logarithms.
import torch


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return -torch.log(real + 1e-8).mean() - torch.log(1 - fake + 1e-8).mean()


# %% wrong: difference
# Compares each real image with one fake, as a relativistic loss does.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return 2 * F.softplus(fake_logits.mean() - real_logits.mean())


# %% wrong: fake_detached
# Detaches the logits of the fakes, from which the discriminator then learns nothing.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()


# %% wrong: halved
# Averages the two means.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2


# %% wrong: library_clamp
# Hands probabilities to the library's cross-entropy, which cuts logarithms at -100.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return F.binary_cross_entropy(real, torch.ones_like(real)) + F.binary_cross_entropy(
        fake, torch.zeros_like(fake)
    )


# %% wrong: log_of_sigmoid
# Takes logarithms of probabilities, which are infinite at large logits.
import torch


def discriminator_loss(real_logits, fake_logits):
    return (
        -torch.log(torch.sigmoid(real_logits)).mean()
        - torch.log(1 - torch.sigmoid(fake_logits)).mean()
    )


# %% wrong: own_cpu_labels
# Makes its labels on the CPU, wherever the logits are.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.ones(real_logits.shape, dtype=real_logits.dtype))
    return real + loss(fake_logits, torch.zeros(fake_logits.shape, dtype=fake_logits.dtype))


# %% wrong: patches_summed
# Averages over the batch and sums over what further dimensions there are.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits).sum() / len(real_logits)) + F.softplus(
        fake_logits
    ).sum() / len(fake_logits)


# %% wrong: pooled
# Averages over both batches together, so that the larger one weighs more.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    logits = torch.cat([real_logits.flatten(), fake_logits.flatten()])
    labels = torch.cat(
        [torch.ones_like(real_logits.flatten()), torch.zeros_like(fake_logits.flatten())]
    )
    return 2 * F.binary_cross_entropy_with_logits(logits, labels)


# %% wrong: sigmoid_twice
# Applies a sigmoid before a loss that applies its own.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    loss = F.binary_cross_entropy_with_logits
    return loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))


# %% wrong: sign
# Is the value of the game, which the discriminator maximises, instead of its negative.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean()


# %% wrong: smoothed
# Smooths the labels of real images to 0.9.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.full_like(real_logits, 0.9))
    return real + loss(fake_logits, torch.zeros_like(fake_logits))


# %% wrong: summed
# Sums over the batch.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()


# %% wrong: swapped
# Takes real for fake and fake for real.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()


# %% wrong: inputs_made_leaves
# Has logits that need no gradients need them, so that the result keeps a graph.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    if not fake_logits.requires_grad:
        fake_logits = fake_logits.clone().requires_grad_()
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


# %% right: by_hand
# Writes log(1 + e^l) out with the larger exponent taken out.
import torch


def positive_part_and_rest(x):
    return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))


def discriminator_loss(real_logits, fake_logits):
    real = positive_part_and_rest(real_logits.mul(-1)).flatten()
    fake = positive_part_and_rest(fake_logits).flatten()
    return real.sum() / real.shape[0] + fake.sum() / fake.shape[0]


# %% right: library
# Uses the library's cross-entropy on logits with labels.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real + fake


# %% right: log_sigmoid
# Uses log sigmoid, 1 - D being the sigmoid of the negative logit.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    log_d, log_not_d = F.logsigmoid(real_logits), F.logsigmoid(fake_logits.neg())
    return -(log_d.mean() + log_not_d.mean())


# %% right: two_classes
# Treats real and fake as two classes with logits l and 0.
import torch
import torch.nn.functional as F


def two_classes(logits, label):
    flat = logits.reshape(-1)
    pairs = torch.stack([torch.zeros_like(flat), flat], dim=1)
    return F.cross_entropy(pairs, torch.full_like(flat, label, dtype=torch.long))


def discriminator_loss(real_logits, fake_logits):
    return two_classes(real_logits, 1) + two_classes(fake_logits, 0)


# %% right: detached_if_no_gradients
# Computes on leaves of its own, and detaches the result when no input needs gradients.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    needed = real_logits.requires_grad or fake_logits.requires_grad
    if not needed:
        real_logits = real_logits.clone().requires_grad_()
    loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    return loss if needed else loss.detach()
