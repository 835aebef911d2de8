"""Known answers: Least squares: the generator."""


# %% wrong: absolute
# Takes absolute errors.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output - 1).abs().mean()


# %% wrong: discriminators
# Is the negative of the discriminator's loss on fakes, as in a zero-sum game.
def generator_loss_ls(fake_output):
    return -0.5 * fake_output.pow(2).mean() + 0.5


# %% wrong: hinged
# Charges nothing for outputs above 1.
def generator_loss_ls(fake_output):
    return 0.5 * (1 - fake_output).clamp(min=0).pow(2).mean()


# %% wrong: no_half
# Forgets the half.
def generator_loss_ls(fake_output):
    return (fake_output - 1).pow(2).mean()


# %% wrong: of_the_mean
# Squares the mean error instead of averaging squared errors.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output.mean() - 1).pow(2)


# %% wrong: patches_summed
# Averages over the batch and sums over what further dimensions there are.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output - 1).pow(2).sum() / len(fake_output)


# %% wrong: sigmoid
# Puts a sigmoid on the outputs first.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output.sigmoid() - 1).pow(2).mean()


# %% wrong: sign
# Has the sign turned.
def generator_loss_ls(fake_output):
    return -0.5 * (fake_output - 1).pow(2).mean()


# %% wrong: summed
# Sums over the batch.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output - 1).pow(2).sum()


# %% wrong: towards_zero
# Wants outputs of 0, which is what the discriminator wants.
def generator_loss_ls(fake_output):
    return 0.5 * fake_output.pow(2).mean()


# %% right: library
# Uses the library's mean squared error.
import torch
import torch.nn.functional as F


def generator_loss_ls(fake_output):
    return 0.5 * F.mse_loss(fake_output, torch.ones_like(fake_output))


# %% right: norm
# Uses a norm and the number of elements.
import torch


def generator_loss_ls(fake_output):
    return torch.linalg.vector_norm(1 - fake_output).square() / (2 * fake_output.numel())


# %% right: variance
# Adds the variance of the outputs to their squared bias.
import torch


def generator_loss_ls(fake_output):
    variance, mean = torch.var_mean(fake_output, correction=0)
    return (variance + (mean - 1).square()) / 2
