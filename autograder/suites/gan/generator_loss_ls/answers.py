"""Known answers: Least squares: the generator."""


# %% spoils: absolute
# Takes absolute errors.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output - 1).abs().mean()


# %% spoils: discriminators
# Is the negative of the discriminator's loss on fakes, as in a zero-sum game.
def generator_loss_ls(fake_output):
    return -0.5 * fake_output.pow(2).mean() + 0.5


# %% spoils: hinged
# Charges nothing for outputs above 1.
def generator_loss_ls(fake_output):
    return 0.5 * (1 - fake_output).clamp(min=0).pow(2).mean()


# %% spoils: no_half
# Forgets the half.
def generator_loss_ls(fake_output):
    return (fake_output - 1).pow(2).mean()


# %% spoils: of_the_mean
# Squares the mean error instead of averaging squared errors.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output.mean() - 1).pow(2)


# %% spoils: patches_summed
# Averages over the batch and sums over what further dimensions there are.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output - 1).pow(2).sum() / len(fake_output)


# %% spoils: sigmoid
# Puts a sigmoid on the outputs first.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output.sigmoid() - 1).pow(2).mean()


# %% spoils: sign
# Has the sign turned.
def generator_loss_ls(fake_output):
    return -0.5 * (fake_output - 1).pow(2).mean()


# %% spoils: summed
# Sums over the batch.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output - 1).pow(2).sum()


# %% spoils: towards_zero
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


# %% spoils: detached
# Has no gradient.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output - 1).pow(2).mean().detach()


# %% spoils: clamped
# Cuts outputs to [0, 1] first.
def generator_loss_ls(fake_output):
    return 0.5 * (fake_output.clamp(0, 1) - 1).pow(2).mean()


# %% corner: overwritten
# Takes 1 from the caller's outputs, past autograd.
def generator_loss_ls(fake_output):
    fake_output.data -= 1
    return 0.5 * fake_output.pow(2).mean()


# %% corner: root_squared
# Takes the root of the mean square and squares it again: nan comes back where all is on target.
def square(x):
    return x.pow(2).mean().sqrt().pow(2)


def generator_loss_ls(fake_output):
    return square(fake_output - 1) / 2


# %% spoils: errors_capped
# Cuts errors to [-10, 10], beyond which no gradient comes back.
def square(x):
    return x.clamp(-10, 10).pow(2).mean()


def generator_loss_ls(fake_output):
    return square(fake_output - 1) / 2


# %% spoils: own_backward_sum
# Writes the backward pass by hand, and forgets the number of elements in it.
import torch


class MeanSquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.square().mean()

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 2 * grad * x


def generator_loss_ls(fake_output):
    return MeanSquare.apply(fake_output - 1) / 2


# %% spoils: variance_unbiased
# Adds the variance, with one less than the number of elements below it, to the squared mean.
import torch


def square(x):
    variance, mean = torch.var_mean(x)
    return variance + mean.square()


def generator_loss_ls(fake_output):
    return square(fake_output - 1) / 2


# %% corner: single_precision
# Computes in float32, whatever comes in.
def square(x):
    return x.float().square().mean().to(x.dtype)


def generator_loss_ls(fake_output):
    return square(fake_output - 1) / 2


# %% corner: axis_needed
# Averages image by image, which takes outputs with an axis for the batch.
import torch


def square(x):
    return torch.stack([image.square().mean() for image in x]).mean()


def generator_loss_ls(fake_output):
    return square(fake_output - 1) / 2


# %% right: own_backward
# Computes the value in NumPy and writes the backward pass by hand.
import numpy as np
import torch


class MeanSquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        value = np.square(x.detach().cpu().numpy().astype(np.float64)).mean()
        return torch.as_tensor(value, dtype=x.dtype).to(x.device)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 2 * grad * x / x.numel()


def generator_loss_ls(fake_output):
    return MeanSquare.apply(fake_output - 1) / 2


# %% right: likelihood
# Is the negative log-likelihood of normal distributions of variance 1, less its constant.
import math

import torch
from torch.distributions import Normal


def square(x):
    normal = Normal(torch.zeros_like(x), torch.ones_like(x), validate_args=False)
    return -2 * normal.log_prob(x).mean() - math.log(2 * math.pi)


def generator_loss_ls(fake_output):
    return square(fake_output - 1) / 2
