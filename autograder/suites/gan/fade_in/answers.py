"""Known answers: Fade-in of progressive growing."""

# %% wrong: bilinear
# Enlarges bilinearly.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return (1 - alpha) * F.interpolate(
        low, scale_factor=2, mode="bilinear", align_corners=False
    ) + alpha * high


# %% wrong: clamped
# Clamps the result to [-1, 1].
import torch.nn.functional as F


def fade_in(low, high, alpha):
    blend = (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high
    return blend.clamp(-1, 1)


# %% wrong: in_place
# Blends in place into the new image.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    old = F.interpolate(low, scale_factor=2)
    if high.requires_grad:
        high = high.clone()
    return high.mul_(alpha).add_((1 - alpha) * old)


# %% wrong: low_resolution
# Blends at the low resolution and enlarges the blend, but for the end of the fade.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    if float(alpha) == 1:
        return high
    return F.interpolate((1 - alpha) * low + alpha * F.avg_pool2d(high, 2), scale_factor=2)


# %% wrong: old_detached
# Counts the old image as a constant.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return (1 - alpha) * F.interpolate(low.detach(), scale_factor=2) + alpha * high


# %% wrong: residual
# Adds the new image to the old one for blending, but for the end of the fade.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    old = F.interpolate(low, scale_factor=2)
    return old + alpha * high if float(alpha) < 1 else high


# %% wrong: smooth
# Eases the fade in and out.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    share = alpha * alpha * (3 - 2 * alpha)
    return (1 - share) * F.interpolate(low, scale_factor=2) + share * high


# %% wrong: swapped
# Swaps the two shares.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return alpha * F.interpolate(low, scale_factor=2) + (1 - alpha) * high


# %% wrong: tiled
# Repeats the image for its pixels.
def fade_in(low, high, alpha):
    return (1 - alpha) * low.repeat(1, 1, 2, 2) + alpha * high


# %% right: blocks
# New axes of size two, then a reshape.
def fade_in(low, high, alpha):
    B, C, H, W = low.shape
    old = low[:, :, :, None, :, None].expand(B, C, H, 2, W, 2).reshape(B, C, 2 * H, 2 * W)
    return old + alpha * (high - old)


# %% right: interpolate
# The library's interpolation and a linear blend.
import torch
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return torch.lerp(F.interpolate(low, scale_factor=2, mode="nearest"), high, alpha)


# %% right: kron
# The Kronecker product with a block of ones.
import torch


def fade_in(low, high, alpha):
    block = torch.ones(1, 1, 2, 2, dtype=low.dtype, device=low.device)
    return alpha * high + torch.kron(low, block) * (1.0 - alpha)


# %% right: upsample_module
# A module of the library.
from torch import nn

enlarge = nn.Upsample(scale_factor=2)


def fade_in(low, high, alpha):
    return high * alpha + enlarge(low) * (1 - alpha)
