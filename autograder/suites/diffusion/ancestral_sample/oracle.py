"""Oracle: the whole backward chain."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.diffusion.ancestral_step import oracle as ancestral_step_oracle


def ancestral_sample(
    network: Callable[[Tensor, Tensor], Tensor],
    x_T: Tensor,
    noise: Tensor,
    betas: Tensor,
    variance: str = "beta",
) -> Tensor:
    """By the oracle of a single step, recursively from the last."""
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(variance)

    def before(x: Tensor, left: int) -> Tensor:
        if left == 0:
            return x
        t = torch.full((len(x),), left - 1, device=x.device)
        one = ancestral_step_oracle.ancestral_step
        return before(one(x, network(x, t), t, noise[left - 1], betas, variance), left - 1)

    with torch.no_grad():
        return before(x_T, len(betas))
