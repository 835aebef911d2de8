"""Known answers: Reconstruction loss of an auto-encoder."""


# %% wrong: absolute_error
# Takes the absolute error for the squared one.
def reconstruction_loss(x, x_hat):
    return (x - x_hat).abs().flatten(1).sum(1).mean()


# %% wrong: batch_sum
# Sums over the batch as well.
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum()


# %% wrong: detached
# Cuts the reconstruction from the graph, so that only x gets a gradient.
def reconstruction_loss(x, x_hat):
    return ((x - x_hat.detach()) ** 2).flatten(1).sum(1).mean()


# %% wrong: halved
# Has the half of a Gaussian log-likelihood.
def reconstruction_loss(x, x_hat):
    return 0.5 * ((x - x_hat) ** 2).flatten(1).sum(1).mean()


# %% wrong: in_place
# Subtracts in place and so destroys the batch that it was given.
import torch


def reconstruction_loss(x, x_hat):
    with torch.no_grad():
        x -= x_hat
    return x.pow(2).flatten(1).sum(1).mean()


# %% wrong: last_dimension
# Sums over the last dimension only and averages over the rest: right for vectors, wrong for images.
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum(-1).mean()


# %% wrong: norm_not_squared
# Averages the norms of the differences, not their squares.
import torch


def reconstruction_loss(x, x_hat):
    return torch.linalg.vector_norm((x - x_hat).flatten(1), dim=1).mean()


# %% wrong: pixel_mean
# Averages over pixels as well as over the batch.
import torch.nn.functional as F


def reconstruction_loss(x, x_hat):
    return F.mse_loss(x_hat, x)


# %% wrong: flattened_by_view
# Flattens each of its inputs by view, which no transposed tensor allows.
def reconstruction_loss(x, x_hat):
    return (x_hat.view(-1) - x.view(-1)).pow(2).sum() / len(x)


# %% right: callable_class
# An instance with a __call__ method instead of a function.
import torch.nn.functional as F
from torch import nn


class ReconstructionLoss(nn.Module):
    def forward(self, x, x_hat):
        return F.mse_loss(x_hat, x, reduction="sum") / x.size(0)


reconstruction_loss = ReconstructionLoss()


# %% right: einsum
# Einstein summation over flattened differences.
import torch


def reconstruction_loss(x, x_hat):
    d = (x - x_hat).reshape(x.shape[0], -1)
    return torch.einsum("bd,bd->b", d, d).mean()


# %% right: loops
# A plain loop over the images of the batch.
def reconstruction_loss(x, x_hat):
    total = 0.0
    for image, copy in zip(x, x_hat, strict=True):
        total = total + ((image - copy) ** 2).sum()
    return total / len(x)


# %% right: ravel
# Flattens by ravel, which copies where it has to.
def reconstruction_loss(x, x_hat):
    error = x_hat.ravel() - x.ravel()
    return error @ error / x.shape[0]
