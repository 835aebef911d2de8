"""Oracle: the linear schedule."""

from __future__ import annotations

import torch
from torch import Tensor


def linear_schedule(n_steps: int, first: float = 1e-4, last: float = 0.02) -> Tensor:
    """Each beta as a mean of the ends."""
    if n_steps == 1:
        return torch.tensor([first], dtype=torch.float64)
    whole = n_steps - 1
    betas = [((whole - i) * first + i * last) / whole for i in range(n_steps)]
    return torch.tensor(betas, dtype=torch.float64)
