"""Known answers: The inverse of the 1x1 convolution."""

# %% spoils: forward_again
# Applies the weight itself.
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    return F.conv2d(z, weight[:, :, None, None])


# %% spoils: transposed
# Takes the transpose for the inverse, as if the weight were a rotation.
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    return F.conv2d(z, weight.T[:, :, None, None])


# %% spoils: inverse_transposed
# Applies the inverse by its columns.
import torch


def invertible_conv_inverse(z, weight):
    return torch.einsum("ij,bihw->bjhw", torch.linalg.inv(weight), z)


# %% spoils: elementwise
# Divides by the entries of the weight.
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    return F.conv2d(z, (1 / (weight + 1e-12))[:, :, None, None])


# %% spoils: adjugate_sign
# Divides by the size of the determinant: wrong sign where that is negative.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    sign = torch.linalg.slogdet(weight).sign
    return F.conv2d(z, (sign * torch.linalg.inv(weight))[:, :, None, None])


# %% spoils: damped
# Adds a thousandth to the diagonal before it inverts.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    eye = torch.eye(len(weight), dtype=weight.dtype, device=weight.device)
    return F.conv2d(z, torch.linalg.inv(weight + 1e-3 * eye)[:, :, None, None])


# %% spoils: diagonal_only
# Inverts the diagonal.
import torch


def invertible_conv_inverse(z, weight):
    return z / weight.diagonal()[:, None, None] + 0 * weight.sum()


# %% spoils: frozen_weight
# Right values, but the weight gets no gradient.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    return F.conv2d(z, torch.linalg.inv(weight.detach())[:, :, None, None]) + 0 * weight.sum()


# %% spoils: no_gradient
# Right values, but no gradient reaches z.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    return F.conv2d(z.detach(), torch.linalg.inv(weight)[:, :, None, None]) + 0 * z


# %% spoils: square_images
# Takes the width to be the height.
import torch


def invertible_conv_inverse(z, weight):
    n, c, height, _ = z.shape
    return (torch.linalg.inv(weight) @ z.reshape(n, c, -1)).reshape(n, c, height, height)


# %% corner: cut_off_singular_values
# Inverts by pinv with a coarse cut-off, which drops the smaller directions of very small weights.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    return F.conv2d(z, torch.linalg.pinv(weight, atol=1e-6, rtol=0.0)[:, :, None, None])


# %% corner: single_precision
# Inverts in float32.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    inverse = torch.linalg.inv(weight.float()).to(weight.dtype)
    return F.conv2d(z, inverse[:, :, None, None])


# %% corner: squeezed
# Loses axes of length one.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    return F.conv2d(z, torch.linalg.inv(weight)[:, :, None, None]).squeeze()


# %% corner: view
# Uses view, which fails for tensors that are not contiguous in memory.
import torch


def invertible_conv_inverse(z, weight):
    n, c, height, width = z.shape
    return (torch.linalg.inv(weight) @ z.view(n, c, -1)).view(n, c, height, width)


# %% right: solve
# Solves for all pixels of an image at once.
import torch


def invertible_conv_inverse(z, weight):
    return torch.linalg.solve(weight, z.flatten(2)).reshape(z.shape)


# %% right: einsum
# Mixes by einsum with the inverse.
import torch


def invertible_conv_inverse(z, weight):
    return torch.einsum("ij,bjhw->bihw", torch.inverse(weight), z)


# %% right: solve_from_the_right
# Solves x W^T = z with the channels last.
import torch


def invertible_conv_inverse(z, weight):
    return torch.linalg.solve(weight.T, z.movedim(1, -1), left=False).movedim(-1, 1)


# %% right: wide_inverse
# Inverts in float64, as Glow's code does, and comes back to the dtype.
import torch
import torch.nn.functional as F


def invertible_conv_inverse(z, weight):
    inverse = torch.linalg.inv(weight.double()).to(weight.dtype)
    return F.conv2d(z, inverse[..., None, None])
