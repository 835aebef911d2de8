"""Oracle: the cosine schedule."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def cosine_schedule(n_steps: int, s: float = 0.008, max_beta: float = 0.999) -> Tensor:
    """1 - cos^2(b) / cos^2(a) = sin(b - a) sin(b + a) / cos^2(a), beta by beta."""
    betas = []
    for i in range(n_steps):
        a, b = ((k / n_steps + s) / (1 + s) * math.pi / 2 for k in (i, i + 1))
        betas.append(min(math.sin(b - a) * math.sin(b + a) / math.cos(a) ** 2, max_beta))
    return torch.tensor(betas, dtype=torch.float64)
