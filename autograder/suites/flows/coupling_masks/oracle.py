"""Oracle: masks that alternate."""

from __future__ import annotations

import torch
from torch import Tensor


def coupling_masks(n_channels: int, height: int, width: int, step: int) -> tuple[Tensor, Tensor]:
    """Entry by entry. (height, width) and (n_channels,) of bool."""
    even = step % 2 == 0
    larger_half = -(-n_channels // 2)
    checkerboard = [
        [((row + column) % 2 == 0) == even for column in range(width)] for row in range(height)
    ]
    channels = [(channel < larger_half) == even for channel in range(n_channels)]
    return torch.tensor(checkerboard), torch.tensor(channels)
