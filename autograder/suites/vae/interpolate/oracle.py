"""Oracle: interpolation between two codes."""

from __future__ import annotations

import torch
from torch import Tensor


def interpolate(z_1: Tensor, z_2: Tensor, a: Tensor) -> Tensor:
    """(a, 1 - a) times the matrix of both ends. z_1, z_2: (D,); a: (A,). (A, D)."""
    return (torch.stack([a, 1 - a], dim=1).double() @ torch.stack([z_1, z_2]).double()).to(
        z_1.dtype
    )
