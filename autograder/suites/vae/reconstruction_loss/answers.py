"""Known answers: Reconstruction loss of an auto-encoder."""


# %% spoils: absolute_error
# Takes the absolute error for the squared one.
def reconstruction_loss(x, x_hat):
    return (x - x_hat).abs().flatten(1).sum(1).mean()


# %% spoils: batch_sum
# Sums over the batch as well.
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum()


# %% spoils: detached
# Cuts the reconstruction from the graph, so that only x gets a gradient.
def reconstruction_loss(x, x_hat):
    return ((x - x_hat.detach()) ** 2).flatten(1).sum(1).mean()


# %% spoils: halved
# Has the half of a Gaussian log-likelihood.
def reconstruction_loss(x, x_hat):
    return 0.5 * ((x - x_hat) ** 2).flatten(1).sum(1).mean()


# %% spoils: in_place
# Subtracts in place and so destroys the batch that it was given.
import torch


def reconstruction_loss(x, x_hat):
    with torch.no_grad():
        x -= x_hat
    return x.pow(2).flatten(1).sum(1).mean()


# %% spoils: last_dimension
# Sums over the last dimension only and averages over the rest: right for vectors, wrong for images.
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum(-1).mean()


# %% spoils: norm_not_squared
# Averages the norms of the differences, not their squares.
import torch


def reconstruction_loss(x, x_hat):
    return torch.linalg.vector_norm((x - x_hat).flatten(1), dim=1).mean()


# %% spoils: pixel_mean
# Averages over pixels as well as over the batch.
import torch.nn.functional as F


def reconstruction_loss(x, x_hat):
    return F.mse_loss(x_hat, x)


# %% corner: flattened_by_view
# Flattens each of its inputs by view, which no transposed tensor allows.
def reconstruction_loss(x, x_hat):
    return (x_hat.view(-1) - x.view(-1)).pow(2).sum() / len(x)


# %% spoils: reconstruction_clamped
# Clamps the reconstruction to [0, 1] first, where pixels lie.
def reconstruction_loss(x, x_hat):
    return (x - x_hat.clamp(0, 1)).pow(2).flatten(1).sum(1).mean()


# %% spoils: summed_before_squared
# Adds up the errors of an image before it squares them.
def reconstruction_loss(x, x_hat):
    return (x - x_hat).flatten(1).sum(1).pow(2).mean()


# %% spoils: smooth_l1
# Takes the smooth absolute error, which is half the square only for small errors.
import torch.nn.functional as F


def reconstruction_loss(x, x_hat):
    return 2 * F.smooth_l1_loss(x_hat, x, reduction="sum") / len(x)


# %% spoils: one_factor_detached
# Detaches one factor of the square: the value is right, the gradient half of it.
def reconstruction_loss(x, x_hat):
    error = x_hat - x
    return (error * error.detach()).flatten(1).sum(1).mean()


# %% spoils: by_numpy
# Computes the value in NumPy, which no gradient passes.
import torch


def reconstruction_loss(x, x_hat):
    error = x.detach().cpu().numpy() - x_hat.detach().cpu().numpy()
    return torch.as_tensor((error**2).reshape(len(error), -1).sum(1).mean()).to(x)


# %% spoils: rows_for_images
# Averages over all dimensions but columns, as if each row of pixels were an image of the batch.
def reconstruction_loss(x, x_hat):
    return (x - x_hat).pow(2).reshape(-1, x.shape[-1]).sum(1).mean()


# %% corner: squeezed
# Takes the batch dimension away from a batch of one.
def reconstruction_loss(x, x_hat):
    error = (x - x_hat).squeeze().pow(2)
    return error.reshape(len(error), -1).sum(1).mean() if error.dim() else error


# %% corner: one_pixel_squeezed
# Drops axes of one: a batch of single pixels is summed as if it were one vector.
def reconstruction_loss(x, x_hat):
    error = (x - x_hat).pow(2).flatten(1).squeeze()
    return error.sum(-1).mean()


# %% corner: vectors_and_images_only
# Sums over three dimensions of images and over one of everything else.
def reconstruction_loss(x, x_hat):
    return (x - x_hat).pow(2).sum((1, 2, 3) if x.dim() == 4 else 1).mean()


# %% corner: root_and_square
# Squares a bare root, whose gradient is nan at a perfect reconstruction.
def reconstruction_loss(x, x_hat):
    distance = (x - x_hat).pow(2).flatten(1).sum(1).sqrt()
    return (distance**2).mean()


# %% corner: data_detached
# Treats the data as constants.
def reconstruction_loss(x, x_hat):
    return (x.detach() - x_hat).pow(2).flatten(1).sum(1).mean()


# %% corner: error_map_in_x
# Leaves the squared errors in the memory of x, "for a picture".
def reconstruction_loss(x, x_hat):
    error = x_hat - x
    x.data.copy_(error.detach().square())
    return error.pow(2).flatten(1).sum(1).mean()


# %% corner: half_precision
# Computes in half precision and casts back.
def reconstruction_loss(x, x_hat):
    error = (x - x_hat).half().to(x.dtype)
    return error.pow(2).flatten(1).sum(1).mean()


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


# %% right: mean_times_pixels
# The library's mean over everything, times the number of pixels.
import torch.nn.functional as F


def reconstruction_loss(x, x_hat):
    return F.mse_loss(x_hat, x) * x[0].numel()


# %% right: vectorised
# One image's loss, mapped over the batch by torch.func.
import torch


def reconstruction_loss(x, x_hat):
    def of_one(image, copy):
        return (copy - image).square().sum()

    return torch.func.vmap(of_one)(x, x_hat).mean()


# %% right: own_square_in_place
# Squares in place, in a tensor of its own.
def reconstruction_loss(x, x_hat):
    error = x_hat - x
    square = error.clone()
    square *= error
    return square.sum(tuple(range(1, x.dim()))).mean()
