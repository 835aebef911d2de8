"""Oracle: alpha_bar."""

from __future__ import annotations

import torch
from torch import Tensor


def alpha_bars(betas: Tensor) -> Tensor:
    """1 less the noise that is there, one step after the other: v <- (1 - beta) v + beta."""
    variance, left = torch.zeros((), dtype=torch.float64), []
    for beta in betas.double():
        variance = (1 - beta) * variance + beta
        left.append(1 - variance)
    return torch.stack(left).to(betas.dtype)
