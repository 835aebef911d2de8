"""Known answers: Fade-in of progressive growing."""

# %% spoils: bilinear
# Enlarges bilinearly.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return (1 - alpha) * F.interpolate(
        low, scale_factor=2, mode="bilinear", align_corners=False
    ) + alpha * high


# %% spoils: clamped
# Clamps the result to [-1, 1].
import torch.nn.functional as F


def fade_in(low, high, alpha):
    blend = (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high
    return blend.clamp(-1, 1)


# %% corner: in_place
# Blends in place into the new image.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    old = F.interpolate(low, scale_factor=2)
    if high.requires_grad:
        high = high.clone()
    return high.mul_(alpha).add_((1 - alpha) * old)


# %% spoils: low_resolution
# Blends at the low resolution and enlarges the blend, but for the end of the fade.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    if float(alpha) == 1:
        return high
    return F.interpolate((1 - alpha) * low + alpha * F.avg_pool2d(high, 2), scale_factor=2)


# %% spoils: old_detached
# Counts the old image as a constant.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return (1 - alpha) * F.interpolate(low.detach(), scale_factor=2) + alpha * high


# %% spoils: residual
# Adds the new image to the old one for blending, but for the end of the fade.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    old = F.interpolate(low, scale_factor=2)
    return old + alpha * high if float(alpha) < 1 else high


# %% spoils: smooth
# Eases the fade in and out.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    share = alpha * alpha * (3 - 2 * alpha)
    return (1 - share) * F.interpolate(low, scale_factor=2) + share * high


# %% spoils: swapped
# Swaps the two shares.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return alpha * F.interpolate(low, scale_factor=2) + (1 - alpha) * high


# %% spoils: tiled
# Repeats the image for its pixels.
def fade_in(low, high, alpha):
    return (1 - alpha) * low.repeat(1, 1, 2, 2) + alpha * high


# %% spoils: columns_smoothed
# Repeats the rows and interpolates between the columns.
import torch


def fade_in(low, high, alpha):
    rows = low.repeat_interleave(2, dim=2)
    between = (rows + torch.cat([rows[..., 1:], rows[..., -1:]], dim=-1)) / 2
    old = torch.stack([rows, between], dim=-1).flatten(3)
    return (1 - alpha) * old + alpha * high


# %% spoils: new_detached
# Trains the new layer by nothing.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high.detach()


# %% spoils: through_data
# Blends into a copy, behind autograd's back, which leaves all of the gradient to the new image.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    blend = high * 1
    blend.data.mul_(alpha).add_((1 - alpha) * F.interpolate(low.detach(), scale_factor=2))
    return blend


# %% spoils: steps_of_alpha
# Rounds alpha to tenths.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    alpha = round(float(alpha), 1)
    return (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high


# %% spoils: half_precision
# Blends in half precision.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    old, new = F.interpolate(low, scale_factor=2).half(), high.half()
    return ((1 - alpha) * old + alpha * new).to(high.dtype)


# %% spoils: equal_power
# Blends with shares whose squares sum to one.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    alpha = float(alpha)
    old = F.interpolate(low, scale_factor=2)
    if alpha in (0.0, 1.0):
        return high if alpha else old
    return (1 - alpha**2) ** 0.5 * old + alpha * high


# %% spoils: never_the_old_one_alone
# Takes an alpha of 0 for one that is not given.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    alpha = alpha or 1.0
    return (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high


# %% spoils: tanh
# Puts the blend through tanh where it leaves [-1, 1].
import torch
import torch.nn.functional as F


def fade_in(low, high, alpha):
    blend = (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high
    return torch.where(blend.abs() > 1, blend.tanh(), blend)


# %% corner: squeezed
# Takes the axes of one image, and of one channel, away.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    return ((1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high).squeeze()


# %% corner: single_precision
# Blends in single precision.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    old, new = F.interpolate(low, scale_factor=2).float(), high.float()
    return ((1 - alpha) * old + alpha * new).to(high.dtype)


# %% corner: float_only
# Takes alpha as a float and as nothing else.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    if not isinstance(alpha, float):
        raise TypeError("alpha is a float")
    return (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high


# %% corner: flattened_by_view
# Flattens the images by view, which no crop allows.
def fade_in(low, high, alpha):
    B, C, H, W = low.shape
    old = low.view(B, C, H * W).repeat_interleave(2, dim=2)
    old = old.reshape(B, C, H, 2 * W).repeat_interleave(2, dim=2)
    return (1 - alpha) * old + alpha * high


# %% corner: written_to_data
# Writes the blend over the new image.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    blend = (1 - alpha) * F.interpolate(low, scale_factor=2) + alpha * high
    high.data.copy_(blend)
    return blend


# %% right: alpha_as_number
# Reads alpha as a number and keeps it in [0, 1], where it is anyway.
import torch.nn.functional as F


def fade_in(low, high, alpha):
    share = min(max(float(alpha), 0.0), 1.0)
    old = F.interpolate(low, size=high.shape[2:], mode="nearest-exact")
    if share == 0:
        return old
    return high if share == 1 else old.mul(1 - share).add(high, alpha=share)


# %% right: float32_alpha
# Makes a number alpha a tensor, which is of single precision.
import torch


def fade_in(low, high, alpha):
    alpha = torch.as_tensor(alpha, device=low.device)
    rows = torch.stack([low, low], dim=3).flatten(2, 3)
    old = torch.stack([rows, rows], dim=-1).flatten(-2)
    return torch.add(old, (high - old) * alpha)


# %% right: transposed_convolution
# A transposed convolution with blocks of ones, channel by channel.
import torch
import torch.nn.functional as F


def fade_in(low, high, alpha):
    block = low.new_ones(low.shape[1], 1, 2, 2)
    old = F.conv_transpose2d(low, block, stride=2, groups=low.shape[1])
    return old - alpha * old + alpha * high


# %% right: four_corners
# Writes the four pixels of each block into a new tensor.
import torch


def fade_in(low, high, alpha):
    blend = torch.empty_like(high)
    for i in range(2):
        for j in range(2):
            blend[:, :, i::2, j::2] = (1 - alpha) * low + alpha * high[:, :, i::2, j::2]
    return blend


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
