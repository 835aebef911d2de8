"""Known answers: Least squares: the discriminator."""


# %% spoils: absolute
# Takes absolute errors.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).abs().mean() + 0.5 * fake_output.abs().mean()


# %% spoils: clamped
# Cuts outputs to [0, 1] first.
def discriminator_loss_ls(real_output, fake_output):
    real, fake = real_output.clamp(0, 1), fake_output.clamp(0, 1)
    return 0.5 * (real - 1).pow(2).mean() + 0.5 * fake.pow(2).mean()


# %% spoils: huber
# Uses the smooth absolute error, which equals the square near the target only.
import torch
import torch.nn.functional as F


def discriminator_loss_ls(real_output, fake_output):
    loss = F.smooth_l1_loss
    return loss(real_output, torch.ones_like(real_output)) + loss(
        fake_output, torch.zeros_like(fake_output)
    )


# %% spoils: minus_one
# Fits fakes to -1 instead of 0.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).mean() + 0.5 * (fake_output + 1).pow(2).mean()


# %% spoils: no_half
# Forgets the halves.
def discriminator_loss_ls(real_output, fake_output):
    return (real_output - 1).pow(2).mean() + fake_output.pow(2).mean()


# %% spoils: of_the_mean
# Squares the mean errors instead of averaging squared errors.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output.mean() - 1).pow(2) + 0.5 * fake_output.mean().pow(2)


# %% spoils: patches_summed
# Averages over the batch and sums over what further dimensions there are.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).sum() / len(real_output) + 0.5 * fake_output.pow(
        2
    ).sum() / len(fake_output)


# %% spoils: pooled
# Averages over both batches together, so that the larger one weighs more.
import torch


def discriminator_loss_ls(real_output, fake_output):
    errors = torch.cat([(real_output - 1).flatten(), fake_output.flatten()])
    return errors.pow(2).mean()


# %% spoils: quarter
# Averages the two terms, halves and all.
def discriminator_loss_ls(real_output, fake_output):
    return 0.25 * ((real_output - 1).pow(2).mean() + fake_output.pow(2).mean())


# %% spoils: sigmoid
# Puts a sigmoid on the outputs first.
def discriminator_loss_ls(real_output, fake_output):
    real, fake = real_output.sigmoid(), fake_output.sigmoid()
    return 0.5 * (real - 1).pow(2).mean() + 0.5 * fake.pow(2).mean()


# %% spoils: summed
# Sums over the batch.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).sum() + 0.5 * fake_output.pow(2).sum()


# %% spoils: swapped
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


# %% spoils: fake_detached
# Detaches the outputs on fakes, from which the discriminator then learns nothing.
def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).mean() + 0.5 * fake_output.detach().pow(2).mean()


# %% corner: overwritten
# Takes 1 from the caller's outputs on real images, past autograd.
def discriminator_loss_ls(real_output, fake_output):
    real_output.data -= 1
    return 0.5 * real_output.pow(2).mean() + 0.5 * fake_output.pow(2).mean()


# %% corner: root_squared
# Takes the root of the mean square and squares it again: nan comes back where all is on target.
def square(x):
    return x.pow(2).mean().sqrt().pow(2)


def discriminator_loss_ls(real_output, fake_output):
    return (square(real_output - 1) + square(fake_output)) / 2


# %% spoils: errors_capped
# Cuts errors to [-10, 10], beyond which no gradient comes back.
def square(x):
    return x.clamp(-10, 10).pow(2).mean()


def discriminator_loss_ls(real_output, fake_output):
    return (square(real_output - 1) + square(fake_output)) / 2


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


def discriminator_loss_ls(real_output, fake_output):
    return (MeanSquare.apply(real_output - 1) + MeanSquare.apply(fake_output)) / 2


# %% spoils: variance_unbiased
# Adds the variance, with one less than the number of elements below it, to the squared mean.
import torch


def square(x):
    variance, mean = torch.var_mean(x)
    return variance + mean.square()


def discriminator_loss_ls(real_output, fake_output):
    return (square(real_output - 1) + square(fake_output)) / 2


# %% corner: single_precision
# Computes in float32, whatever comes in.
def square(x):
    return x.float().square().mean().to(x.dtype)


def discriminator_loss_ls(real_output, fake_output):
    return (square(real_output - 1) + square(fake_output)) / 2


# %% corner: axis_needed
# Averages image by image, which takes outputs with an axis for the batch.
import torch


def square(x):
    return torch.stack([image.square().mean() for image in x]).mean()


def discriminator_loss_ls(real_output, fake_output):
    return (square(real_output - 1) + square(fake_output)) / 2


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


def discriminator_loss_ls(real_output, fake_output):
    return (MeanSquare.apply(real_output - 1) + MeanSquare.apply(fake_output)) / 2


# %% right: likelihood
# Is the negative log-likelihood of normal distributions of variance 1, less its constant.
import math

import torch
from torch.distributions import Normal


def square(x):
    normal = Normal(torch.zeros_like(x), torch.ones_like(x), validate_args=False)
    return -2 * normal.log_prob(x).mean() - math.log(2 * math.pi)


def discriminator_loss_ls(real_output, fake_output):
    return (square(real_output - 1) + square(fake_output)) / 2
