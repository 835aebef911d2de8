"""Known answers: Least squares: the discriminator."""


# %% wrong: absolute
# Takes absolute errors.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).abs().mean() + 0.5 * fake_output.abs().mean()


# %% wrong: clamped
# Cuts outputs to [0, 1] first.
def discriminator_loss_ls(real_output, fake_output):
    real, fake = real_output.clamp(0, 1), fake_output.clamp(0, 1)
    return 0.5 * (real - 1).pow(2).mean() + 0.5 * fake.pow(2).mean()


# %% wrong: huber
# Uses the smooth absolute error, which equals the square near the target only.
import torch
import torch.nn.functional as F


def discriminator_loss_ls(real_output, fake_output):
    loss = F.smooth_l1_loss
    return loss(real_output, torch.ones_like(real_output)) + loss(
        fake_output, torch.zeros_like(fake_output)
    )


# %% wrong: minus_one
# Fits fakes to -1 instead of 0.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).mean() + 0.5 * (fake_output + 1).pow(2).mean()


# %% wrong: no_half
# Forgets the halves.
def discriminator_loss_ls(real_output, fake_output):
    return (real_output - 1).pow(2).mean() + fake_output.pow(2).mean()


# %% wrong: of_the_mean
# Squares the mean errors instead of averaging squared errors.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output.mean() - 1).pow(2) + 0.5 * fake_output.mean().pow(2)


# %% wrong: patches_summed
# Averages over the batch and sums over what further dimensions there are.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).sum() / len(real_output) + 0.5 * fake_output.pow(
        2
    ).sum() / len(fake_output)


# %% wrong: pooled
# Averages over both batches together, so that the larger one weighs more.
import torch


def discriminator_loss_ls(real_output, fake_output):
    errors = torch.cat([(real_output - 1).flatten(), fake_output.flatten()])
    return errors.pow(2).mean()


# %% wrong: quarter
# Averages the two terms, halves and all.
def discriminator_loss_ls(real_output, fake_output):
    return 0.25 * ((real_output - 1).pow(2).mean() + fake_output.pow(2).mean())


# %% wrong: sigmoid
# Puts a sigmoid on the outputs first.
def discriminator_loss_ls(real_output, fake_output):
    real, fake = real_output.sigmoid(), fake_output.sigmoid()
    return 0.5 * (real - 1).pow(2).mean() + 0.5 * fake.pow(2).mean()


# %% wrong: summed
# Sums over the batch.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).sum() + 0.5 * fake_output.pow(2).sum()


# %% wrong: swapped
# Takes real for fake and fake for real.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * real_output.pow(2).mean() + 0.5 * (fake_output - 1).pow(2).mean()


# %% right: einsum
# Multiplies the square out, with einsum.
import torch


def discriminator_loss_ls(real_output, fake_output):
    r, f = real_output.flatten(), fake_output.flatten()
    squares = torch.einsum("i,i->", r, r) / r.numel() + torch.einsum("i,i->", f, f) / f.numel()
    return squares / 2 - r.mean() + 0.5


# %% right: library
# Uses the library's mean squared error.
import torch
import torch.nn.functional as F


def discriminator_loss_ls(real_output, fake_output):
    real = F.mse_loss(real_output, torch.ones_like(real_output))
    fake = F.mse_loss(fake_output, torch.zeros_like(fake_output))
    return (real + fake) / 2


# %% right: loops
# Adds up the elements one by one.
def discriminator_loss_ls(real_output, fake_output):
    real = [(1 - item) ** 2 for item in real_output.reshape(-1)]
    fake = [item * item for item in fake_output.reshape(-1)]
    return (sum(real) / len(real) + sum(fake) / len(fake)) / 2
