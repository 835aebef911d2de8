"""Oracle: one step for each sample."""

from __future__ import annotations

import torch
from torch import Tensor


def draw_times(u: Tensor, n_steps: int) -> Tensor:
    """How many of the bounds 1/T, ..., (T-1)/T each number has reached."""
    bounds = torch.arange(1, n_steps, dtype=torch.float64, device=u.device) / n_steps
    return (u.double()[:, None] >= bounds).sum(1)
