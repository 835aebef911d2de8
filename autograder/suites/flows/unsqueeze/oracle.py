"""Oracle: unsqueeze."""

from __future__ import annotations

import torch
from torch import Tensor


def unsqueeze(z: Tensor) -> Tensor:
    """Row 2 h + i interleaves channels 4 c + 2 i and 4 c + 2 i + 1. z: (B, 4 C, H, W)."""
    if z.shape[1] % 4:
        raise ValueError("not a multiple of 4")
    images = []
    for four in z.split(4, dim=1):
        upper_left, upper_right, lower_left, lower_right = four.unbind(1)  # (B, H, W) each
        upper = torch.stack([upper_left, upper_right], dim=-1).flatten(2)
        lower = torch.stack([lower_left, lower_right], dim=-1).flatten(2)
        images.append(torch.stack([upper, lower], dim=2).flatten(1, 2))
    return torch.stack(images, dim=1)
