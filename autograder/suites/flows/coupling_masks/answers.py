"""Known answers: Masks that alternate."""

# %% spoils: never_alternates
# Gives the masks of step 0 at every step.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    return (rows + columns) % 2 == 0, torch.arange(n_channels) < (n_channels + 1) // 2


# %% spoils: channels_never_alternate
# Lets the checkerboard alternate only.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    return (rows + columns + step) % 2 == 0, torch.arange(n_channels) < (n_channels + 1) // 2


# %% spoils: stays_and_changes_swapped
# Says True where a number changes.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (rows + columns + step) % 2 == 1, first if step % 2 else ~first


# %% spoils: stripes
# Makes stripes of columns.
import torch


def coupling_masks(n_channels, height, width, step):
    columns = torch.arange(width).expand(height, width)
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (columns + step) % 2 == 0, ~first if step % 2 else first


# %% spoils: counted_through
# Counts the pixels through, which makes stripes where the width is even.
import torch


def coupling_masks(n_channels, height, width, step):
    numbers = torch.arange(height * width).reshape(height, width)
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (numbers + step) % 2 == 0, ~first if step % 2 else first


# %% spoils: every_second_channel
# Takes every second channel for half of them.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    return (rows + columns + step) % 2 == 0, (torch.arange(n_channels) + step) % 2 == 0


# %% spoils: after_two_steps
# Alternates after every two steps.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    step = step // 2
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (rows + columns + step) % 2 == 0, ~first if step % 2 else first


# %% spoils: first_step_only
# Alternates between steps 0 and 1, and stays so.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (rows + columns + min(step, 1)) % 2 == 0, ~first if step else first


# %% spoils: smaller_half
# Keeps the smaller half of an odd number of channels.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    first = torch.arange(n_channels) < n_channels // 2
    return (rows + columns + step) % 2 == 0, ~first if step % 2 else first


# %% spoils: always_the_larger_half
# Keeps the larger half at odd steps as well, so that the middle channel never changes.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    channels = torch.arange(n_channels)
    half = (n_channels + 1) // 2
    stays = channels >= n_channels - half if step % 2 else channels < half
    return (rows + columns + step) % 2 == 0, stays


# %% spoils: transposed
# Swaps height and width.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height), torch.arange(width)[:, None]
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (rows + columns + step) % 2 == 0, ~first if step % 2 else first


# %% spoils: tiled
# Tiles a 2 x 2 board, which cuts odd sizes short.
import torch


def coupling_masks(n_channels, height, width, step):
    board = torch.eye(2).bool().tile(max(1, height // 2), max(1, width // 2))
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (~board, ~first) if step % 2 else (board, first)


# %% corner: floats
# Returns masks of floats.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return ((rows + columns + step) % 2 == 0).float(), (~first if step % 2 else first).float()


# %% corner: squeezed
# Loses axes of length one.
import torch


def coupling_masks(n_channels, height, width, step):
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return ((rows + columns + step) % 2 == 0).squeeze(), ~first if step % 2 else first


# %% spoils: own_counter
# Counts its own calls instead of taking the step.
import torch

CALLS = []


def coupling_masks(n_channels, height, width, step):
    step = len(CALLS)
    CALLS.append(step)
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    first = torch.arange(n_channels) < (n_channels + 1) // 2
    return (rows + columns + step) % 2 == 0, ~first if step % 2 else first


# %% right: loops
# Fills both masks entry by entry.
import torch


def coupling_masks(n_channels, height, width, step):
    board = torch.zeros(height, width, dtype=torch.bool)
    for i in range(height):
        for j in range(width):
            board[i, j] = (i + j + step) % 2 == 0
    half = n_channels - n_channels // 2
    stays = [c < half if step % 2 == 0 else c >= half for c in range(n_channels)]
    return board, torch.tensor(stays)


# %% right: exclusive_or
# Turns both masks over by an exclusive or with the parity.
import torch


def coupling_masks(n_channels, height, width, step):
    odd = bool(step & 1)
    i, j = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return [((i ^ j) & 1 == 0) ^ odd, (2 * torch.arange(n_channels) < n_channels) ^ odd]


# %% right: numpy_masks
# Makes both with NumPy.
import numpy as np
import torch


def coupling_masks(n_channels, height, width, step):
    board = np.indices((height, width)).sum(0) % 2 == step % 2
    stays = np.zeros(n_channels, dtype=bool)
    stays[: -(-n_channels // 2)] = True
    return torch.from_numpy(board), torch.from_numpy(stays if step % 2 == 0 else ~stays)
