"""Known answers: The invertible 1x1 convolution."""

# %% spoils: without_h_w
# Counts one pixel in the log-determinant.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, torch.linalg.slogdet(weight).logabsdet.expand(len(x))


# %% spoils: transposed
# Mixes by the columns of the weight.
import torch


def invertible_conv(x, weight):
    z = torch.einsum("ij,bihw->bjhw", weight, x)
    log_det = x[0, 0].numel() * torch.linalg.slogdet(weight).logabsdet
    return z, log_det.expand(len(x))


# %% spoils: log_of_det
# Takes the logarithm of the determinant itself, which is nan where that is negative.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (x[0, 0].numel() * torch.log(torch.det(weight))).expand(len(x))


# %% spoils: inverse_sign
# Gives the log-determinant of the inverse.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (-x[0, 0].numel() * torch.linalg.slogdet(weight).logabsdet).expand(len(x))


# %% spoils: no_log_det
# Takes the weight for a rotation: the log-determinant is 0.
import torch.nn.functional as F


def invertible_conv(x, weight):
    return F.conv2d(x, weight[:, :, None, None]), 0 * x.flatten(1).sum(1) + 0 * weight.sum()


# %% spoils: determinant
# Multiplies H W by the size of the determinant, without the logarithm.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (x[0, 0].numel() * torch.det(weight).abs()).expand(len(x))


# %% spoils: height_squared
# Takes the width to be the height.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (x.shape[2] ** 2 * torch.linalg.slogdet(weight).logabsdet).expand(len(x))


# %% spoils: channels_counted
# Counts every number of a sample, channels too.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (x[0].numel() * torch.linalg.slogdet(weight).logabsdet).expand(len(x))


# %% spoils: summed_over_batch
# Sums over the batch.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (x[:, 0].numel() * torch.linalg.slogdet(weight).logabsdet).expand(len(x))


# %% spoils: trace
# Sums the logarithms of the diagonal, as if the weight were triangular.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (x[0, 0].numel() * weight.diagonal().abs().log().sum()).expand(len(x))


# %% spoils: negative_folded
# Turns the first row over where the determinant is negative, in order to take its logarithm.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    sign = torch.linalg.slogdet(weight).sign.detach()
    flip = torch.ones_like(weight[:, :1])
    flip[0] = sign
    turned = flip * weight
    z = F.conv2d(x, turned[:, :, None, None])
    return z, (x[0, 0].numel() * torch.logdet(turned)).expand(len(x))


# %% spoils: detached_log_det
# Right values, but the weight gets no gradient from the log-determinant.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    log_det = x[0, 0].numel() * torch.linalg.slogdet(weight.detach()).logabsdet
    return z, log_det.expand(len(x)) + 0 * weight.sum()


# %% spoils: detached_weight
# Right values, but the weight gets no gradient from z.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight.detach()[:, :, None, None])
    return z, (x[0, 0].numel() * torch.linalg.slogdet(weight).logabsdet).expand(len(x))


# %% spoils: one_number
# Returns the log-determinant as one number.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, x[0, 0].numel() * torch.linalg.slogdet(weight).logabsdet


# %% corner: determinant_overflows
# Takes the logarithm of the size of the determinant, which under- or overflows.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    return z, (x[0, 0].numel() * torch.log(torch.det(weight).abs())).expand(len(x))


# %% corner: tiny_added
# Adds 1e-12 to the determinant before the logarithm.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    per_pixel = torch.log(torch.det(weight).abs() + 1e-12)
    return z, (x[0, 0].numel() * per_pixel).expand(len(x))


# %% corner: single_precision
# Finds the determinant in float32.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None])
    per_pixel = torch.linalg.slogdet(weight.float()).logabsdet.to(weight.dtype)
    return z, (x[0, 0].numel() * per_pixel).expand(len(x))


# %% corner: squeezed
# Loses axes of length one.
import torch
import torch.nn.functional as F


def invertible_conv(x, weight):
    z = F.conv2d(x, weight[:, :, None, None]).squeeze()
    return z, (x[0, 0].numel() * torch.linalg.slogdet(weight).logabsdet).expand(len(x))


# %% right: einsum
# Mixes by einsum, and adds the log-determinant pixel by pixel.
import torch


def invertible_conv(x, weight):
    z = torch.einsum("ij,bjhw->bihw", weight, x)
    per_pixel = torch.linalg.slogdet(weight)[1] * torch.ones_like(x[:, 0])
    return z, per_pixel.sum(dim=(1, 2))


# %% right: lu_by_torch
# Finds the log-determinant from an LU decomposition, and returns a named tuple.
from collections import namedtuple

import torch

Layer = namedtuple("Layer", "z log_det")


def invertible_conv(x, weight):
    n, c, height, width = x.shape
    z = (weight @ x.reshape(n, c, -1)).reshape(x.shape)
    _, _, upper = torch.linalg.lu(weight)
    per_pixel = upper.diagonal().abs().log().sum()
    return Layer(z, per_pixel.repeat(n) * height * width)


# %% right: qr
# Finds the log-determinant from a QR decomposition.
import torch


def invertible_conv(x, weight):
    z = (x.movedim(1, -1) @ weight.T).movedim(-1, 1)
    triangle = torch.linalg.qr(weight).R
    per_pixel = triangle.diagonal().abs().log().sum()
    return [z, x.new_full((len(x),), x.shape[-1] * x.shape[-2]) * per_pixel]
