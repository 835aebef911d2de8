"""Known answers: Dequantisation."""


# %% spoils: divided_by_255
# Divides by 255, so that the brightest level goes beyond 1.
def dequantise(levels, u):
    return (levels.to(u.dtype) + u) / 255


# %% spoils: noise_not_scaled
# Adds the noise after the division: it reaches over all levels.
def dequantise(levels, u):
    return levels.to(u.dtype) / 256 + u


# %% spoils: no_noise
# Leaves the noise out.
def dequantise(levels, u):
    return levels.to(u.dtype) / 256 + 0 * u


# %% spoils: centred_noise
# Centres the noise on the level, as for rounding.
def dequantise(levels, u):
    return (levels.to(u.dtype) + u - 0.5) / 256


# %% spoils: scaled_to_255_first
# Scales levels to [0, 1] by 255 and the noise by 256.
def dequantise(levels, u):
    return levels.to(u.dtype) / 255 + u / 256


# %% spoils: own_noise
# Draws its own noise.
import torch


def dequantise(levels, u):
    return (levels.to(u.dtype) + torch.rand_like(u)) / 256 + 0 * u


# %% spoils: noise_of_the_first
# Gives every sample the noise of the first one.
def dequantise(levels, u):
    return (levels.to(u.dtype) + (u[:1] if u.ndim else u) + 0 * u) / 256


# %% spoils: only_bright_pixels
# Adds no noise to black pixels.
import torch


def dequantise(levels, u):
    return (levels.to(u.dtype) + torch.where(levels > 0, u, 0.0)) / 256


# %% spoils: byte_arithmetic
# Makes bytes of the levels doubled, which overflow from 128 on.
import torch


def dequantise(levels, u):
    twice = levels.to(torch.uint8) * 2
    return (twice.to(u.dtype) + 2 * u) / 512


# %% spoils: cut_off_noise
# Sends no gradient to the noise.
def dequantise(levels, u):
    return (levels.to(u.dtype) + u.detach()) / 256 + 0 * u


# %% spoils: signed_bytes
# Takes the levels for signed bytes, so that bright pixels become negative.
import torch


def dequantise(levels, u):
    return (levels.to(torch.int8).to(u.dtype) + u) / 256


# %% spoils: dtype_of_levels
# Returns the dtype of the levels where that is a floating one.
def dequantise(levels, u):
    y = (levels.to(u.dtype) + u) / 256
    return y.to(levels.dtype) if levels.is_floating_point() else y


# %% corner: clipped_noise
# Keeps the noise away from its ends.
def dequantise(levels, u):
    return (levels.to(u.dtype) + u.clamp(1e-4, 1 - 1e-4)) / 256


# %% corner: half_precision
# Computes in float32 on the way.
def dequantise(levels, u):
    return ((levels.float() + u.float()) / 256).to(u.dtype)


# %% corner: in_place
# Adds the noise to the levels in place where their dtype allows it.
def dequantise(levels, u):
    if levels.dtype == u.dtype and not levels.requires_grad and not u.requires_grad:
        return levels.add_(u) / 256
    return (levels.to(u.dtype) + u) / 256


# %% right: plain_promotion
# Lets torch promote whole numbers, and casts at the end.
def dequantise(levels, u):
    return ((levels + u) / 256).to(u.dtype)


# %% right: two_terms
# Scales each part by itself.
def dequantise(levels, u):
    return levels.to(u) * 2.0**-8 + u * 2.0**-8


# %% right: lerp
# Goes from one end of the interval towards the next.
import torch


def dequantise(levels, u):
    low = levels.to(u.dtype) / 256
    return torch.lerp(low, low + 1 / 256, u)


# %% right: table
# Looks the left ends up in a table.
import torch


def dequantise(levels, u):
    ends = torch.arange(256, dtype=u.dtype, device=u.device) / 256
    return ends[levels.long()] + u / 256
