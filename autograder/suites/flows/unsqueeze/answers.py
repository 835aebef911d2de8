"""Known answers: Unsqueeze."""


# %% spoils: bare_reshape
# Reshapes without moving the axes.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    return z.reshape(n, channels // 4, 2 * height, 2 * width)


# %% spoils: quarters
# Puts the four channels side by side as quarters of the image.
import torch


def unsqueeze(z):
    if z.shape[1] % 4:
        raise ValueError("channels")
    a, b, c, d = z[:, 0::4], z[:, 1::4], z[:, 2::4], z[:, 3::4]
    return torch.cat([torch.cat([a, b], dim=3), torch.cat([c, d], dim=3)], dim=2)


# %% spoils: channels_last
# Takes the channels with c fastest, as if colours were the last axis.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    blocks = z.reshape(n, 2, 2, channels // 4, height, width)
    return blocks.permute(0, 3, 4, 1, 5, 2).reshape(n, channels // 4, 2 * height, 2 * width)


# %% spoils: columns_first
# Puts the second channel at the lower left.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    blocks = z.reshape(n, channels // 4, 2, 2, height, width)
    return blocks.permute(0, 1, 4, 3, 5, 2).reshape(n, channels // 4, 2 * height, 2 * width)


# %% spoils: square_only
# Takes the width to be the height.
def unsqueeze(z):
    n, channels, height, _ = z.shape
    if channels % 4:
        raise ValueError("channels")
    blocks = z.reshape(n, channels // 4, 2, 2, height, height)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(n, channels // 4, 2 * height, 2 * height)


# %% spoils: grey_only
# Is right for four channels only: splits the channels into quarters.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    c = channels // 4
    x = z.new_zeros(n, c, 2 * height, 2 * width)
    for k, part in enumerate(z.chunk(4, dim=1)):
        x[:, :, k // 2 :: 2, k % 2 :: 2] = part
    return x


# %% spoils: rows_reversed
# Has the lower row of each block first.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    blocks = z.reshape(n, channels // 4, 2, 2, height, width).flip(2)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(n, channels // 4, 2 * height, 2 * width)


# %% spoils: upsampled
# Repeats the mean of the four channels: the size is right, the numbers are lost.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    mean = z.reshape(n, channels // 4, 4, height, width).mean(2)
    return mean.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)


# %% spoils: squeezes_again
# Squeezes where it should unsqueeze, and reshapes to the right size.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    blocks = z.reshape(n, channels // 4, height, 2, width, 2)
    return blocks.permute(0, 1, 3, 2, 5, 4).reshape(n, channels // 4, 2 * height, 2 * width)


# %% spoils: no_gradient
# Goes through NumPy, where gradients end.
import torch


def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    blocks = z.detach().cpu().numpy().reshape(n, channels // 4, 2, 2, height, width)
    x = blocks.transpose(0, 1, 4, 2, 5, 3).reshape(n, channels // 4, 2 * height, 2 * width)
    return torch.from_numpy(x.copy()).to(z.device)


# %% corner: other_channels_dropped
# Drops the channels that are too many.
def unsqueeze(z):
    n, channels, height, width = z.shape
    blocks = z[:, : channels // 4 * 4].reshape(n, channels // 4, 2, 2, height, width)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(n, channels // 4, 2 * height, 2 * width)


# %% corner: runtime_error
# Leaves other numbers of channels to torch, which raises another error.
import torch.nn.functional as F


def unsqueeze(z):
    return F.pixel_shuffle(z, 2)


# %% corner: even_only
# Refuses odd numbers of channels only.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 2:
        raise ValueError("channels")
    blocks = z[:, : channels // 4 * 4].reshape(n, channels // 4, 2, 2, height, width)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(n, channels // 4, 2 * height, 2 * width)


# %% corner: strides_assumed
# Takes tensors to be contiguous in memory.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError("channels")
    area = height * width
    strides = (channels * area, 4 * area, 2 * area, area, width, 1)
    blocks = z.as_strided((n, channels // 4, 2, 2, height, width), strides)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(n, channels // 4, 2 * height, 2 * width)


# %% right: pixel_shuffle
# Calls torch's pixel_shuffle, which has the same order.
import torch.nn.functional as F


def unsqueeze(z):
    if z.shape[1] % 4:
        raise ValueError("not a multiple of 4")
    return F.pixel_shuffle(z, 2)


# %% right: fold
# Calls fold, with blocks of 2 x 2 side by side.
import torch.nn.functional as F


def unsqueeze(z):
    height, width = z.shape[2:]
    if z.shape[1] % 4:
        raise ValueError("not a multiple of 4")
    return F.fold(z.flatten(2), (2 * height, 2 * width), 2, stride=2)


# %% right: filled
# Fills an empty tensor by slices.
def unsqueeze(z):
    n, channels, height, width = z.shape
    if channels & 3:
        raise ValueError("not a multiple of 4")
    x = z.new_zeros(n, channels // 4, 2 * height, 2 * width)
    for k in range(4):
        x[:, :, k // 2 :: 2, k % 2 :: 2] = z[:, k::4]
    return x
