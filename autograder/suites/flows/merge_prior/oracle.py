"""Oracle: the way back of the split."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def merge_prior(
    stays: Tensor,
    eps: Tensor,
    network: Callable[[Tensor], Tensor],
    temperature: float = 1.0,
) -> Tensor:
    """Channel by channel. (B, 2 C, H, W)."""
    n_channels, of_prior = stays.shape[1], network(stays)
    leaves = [
        of_prior[:, c] + (temperature * of_prior[:, n_channels + c].exp()) * eps[:, c]
        for c in range(n_channels)
    ]
    return torch.stack([*stays.unbind(1), *leaves], dim=1)
