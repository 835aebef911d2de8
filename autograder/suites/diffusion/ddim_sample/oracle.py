"""Oracle: the chain of DDIM."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.diffusion.ddim_step import oracle as step_oracle


def ddim_sample(
    network: Callable[..., Tensor],
    x_T: Tensor,
    steps: Tensor,
    alpha_bar: Tensor,
    eta: float = 0.0,
    noise: Tensor | None = None,
) -> Tensor:
    """The first step, then the chain from there."""
    n, first = len(x_T), int(steps[0])
    t = torch.full((n,), first, dtype=torch.int64, device=x_T.device)
    share = float(alpha_bar[first])
    later = float(alpha_bar[int(steps[1])]) if len(steps) > 1 else 1.0
    x = step_oracle.ddim_step(
        x_T,
        network(x_T, t),
        torch.full((n,), share, dtype=torch.float64),
        torch.full((n,), later, dtype=torch.float64),
        eta,
        None if noise is None else noise[0],
    )
    if len(steps) == 1:
        return x
    return ddim_sample(network, x, steps[1:], alpha_bar, eta, None if noise is None else noise[1:])
