"""Oracle: pairs that stay in step."""

from __future__ import annotations

import torch
from torch import Tensor


def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    """Picks pixels by their rows and columns, the columns counted backwards where flipped."""
    steps = torch.arange(size, device=x.device)
    columns = torch.where(flip[:, None], size - 1 - steps, steps) + left[:, None]  # (B, size)
    rows = steps + top[:, None]
    if bool((rows < 0).any() | (columns < 0).any()) or bool(
        (rows >= x.shape[2]).any() | (columns >= x.shape[3]).any()
    ):
        raise ValueError("a crop is not within its image")
    batch = torch.arange(len(x), device=x.device)[:, None, None]
    pick = batch, slice(None), rows[:, :, None], columns[:, None, :]
    return x[pick].movedim(-1, 1), y[pick].movedim(-1, 1)
