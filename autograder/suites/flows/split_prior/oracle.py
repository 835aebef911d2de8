"""Oracle: the split with a learned prior."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def split_prior(x: Tensor, network: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Channel by channel, with torch.distributions. (B, C, H, W) twice, and (B,)."""
    if x.shape[1] % 2:
        raise ValueError("odd")
    half = x.shape[1] // 2
    stays = torch.stack([x[:, c] for c in range(half)], dim=1)
    of_prior = network(stays)
    eps, log_prob = [], x.new_zeros(len(x))
    for c in range(half):
        mean, std = of_prior[:, c], of_prior[:, half + c].exp()
        leaves = x[:, half + c]
        normal = torch.distributions.Normal(mean, std, validate_args=False)
        log_prob = log_prob + normal.log_prob(leaves).sum(dim=(1, 2))
        eps.append((leaves - mean) / std)
    return stays, torch.stack(eps, dim=1), log_prob
