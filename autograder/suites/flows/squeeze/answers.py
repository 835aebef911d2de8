"""Known answers: Squeeze."""


# %% spoils: bare_reshape
# Reshapes without moving the axes: rows of pixels become channels.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    return x.reshape(n, 4 * c, height // 2, width // 2)


# %% spoils: quarters
# Cuts the image into its four quarters.
import torch


def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    halves = [part for rows in x.chunk(2, 2) for part in rows.chunk(2, 3)]
    return torch.stack(halves, dim=2).reshape(n, 4 * c, height // 2, width // 2)


# %% spoils: channels_last
# Orders the channels with c fastest, as if colours were the last axis.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    blocks = x.reshape(n, c, height // 2, 2, width // 2, 2)
    return blocks.permute(0, 3, 5, 1, 2, 4).reshape(n, 4 * c, height // 2, width // 2)


# %% spoils: columns_first
# Has the lower left pixel second: rows and columns of a block are swapped.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    blocks = x.reshape(n, c, height // 2, 2, width // 2, 2)
    return blocks.permute(0, 1, 5, 3, 2, 4).reshape(n, 4 * c, height // 2, width // 2)


# %% spoils: transposed
# Swaps height and width of the result where they are equal.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    blocks = x.reshape(n, c, height // 2, 2, width // 2, 2)
    z = blocks.permute(0, 1, 3, 5, 2, 4).reshape(n, 4 * c, height // 2, width // 2)
    return z.transpose(2, 3) if height == width else z


# %% spoils: diagonal_order
# Orders the block by diagonals: upper left, lower right, upper right, lower left.
import torch


def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    parts = [x[:, :, i::2, j::2] for i, j in ((0, 0), (1, 1), (0, 1), (1, 0))]
    return torch.stack(parts, dim=2).reshape(n, 4 * c, height // 2, width // 2)


# %% spoils: square_only
# Takes the width to be the height.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    half = height // 2
    blocks = x.reshape(n, c, half, 2, half, 2)
    return blocks.permute(0, 1, 3, 5, 2, 4).reshape(n, 4 * c, half, half)


# %% spoils: grey_only
# Is right for one channel only: takes the parts one after another.
import torch


def squeeze(x):
    if x.shape[2] % 2 or x.shape[3] % 2:
        raise ValueError("odd")
    return torch.cat([x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)], dim=1)


# %% spoils: averaged
# Averages each block and keeps three differences: invertible, but no permutation.
import torch


def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    a, b, d, e = (x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1))
    parts = [(a + b + d + e) / 2, (a - b + d - e) / 2, (a + b - d - e) / 2, (a - b - d + e) / 2]
    return torch.stack(parts, dim=2).reshape(n, 4 * c, height // 2, width // 2)


# %% spoils: no_gradient
# Goes through NumPy, where gradients end.
import torch


def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    blocks = x.detach().cpu().numpy().reshape(n, c, height // 2, 2, width // 2, 2)
    z = blocks.transpose(0, 1, 3, 5, 2, 4).reshape(n, 4 * c, height // 2, width // 2)
    return torch.from_numpy(z.copy()).to(x.device)


# %% corner: odd_cropped
# Drops the last row or column of an odd image.
def squeeze(x):
    n, c, height, width = x.shape
    h, w = height // 2, width // 2
    blocks = x[:, :, : 2 * h, : 2 * w].reshape(n, c, h, 2, w, 2)
    return blocks.permute(0, 1, 3, 5, 2, 4).reshape(n, 4 * c, h, w)


# %% corner: odd_runtime_error
# Leaves odd sizes to torch, which raises another error.
import torch.nn.functional as F


def squeeze(x):
    return F.pixel_unshuffle(x, 2)


# %% corner: odd_height_only
# Looks at the height alone.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2:
        raise ValueError("odd")
    w = width // 2
    blocks = x[..., : 2 * w].reshape(n, c, height // 2, 2, w, 2)
    return blocks.permute(0, 1, 3, 5, 2, 4).reshape(n, 4 * c, height // 2, w)


# %% corner: strides_assumed
# Takes images to be contiguous in memory.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd")
    strides = (c * height * width, height * width, 2 * width, width, 2, 1)
    blocks = x.as_strided((n, c, height // 2, 2, width // 2, 2), strides)
    return blocks.permute(0, 1, 3, 5, 2, 4).reshape(n, 4 * c, height // 2, width // 2)


# %% right: pixel_unshuffle
# Calls torch's pixel_unshuffle, which has the same order.
import torch.nn.functional as F


def squeeze(x):
    if x.shape[2] % 2 or x.shape[3] % 2:
        raise ValueError("odd sizes")
    return F.pixel_unshuffle(x, 2)


# %% right: unfold
# Calls unfold, with blocks of 2 x 2 side by side.
import torch.nn.functional as F


def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd sizes")
    return F.unfold(x, 2, stride=2).reshape(n, 4 * c, height // 2, width // 2)


# %% right: filled
# Fills an empty tensor by slices.
def squeeze(x):
    n, c, height, width = x.shape
    if (height | width) & 1:
        raise ValueError("odd sizes")
    z = x.new_zeros(n, 4 * c, height // 2, width // 2)
    for i in range(2):
        for j in range(2):
            z[:, 2 * i + j :: 4] = x[:, :, i::2, j::2]
    return z


# %% right: einops_like
# Takes blocks by unfolding both axes.
def squeeze(x):
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError("odd sizes")
    blocks = x.unfold(2, 2, 2).unfold(3, 2, 2)  # (B, C, h, w, i, j)
    return blocks.flatten(4).permute(0, 1, 4, 2, 3).flatten(1, 2)
