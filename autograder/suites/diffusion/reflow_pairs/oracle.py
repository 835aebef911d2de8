"""Oracle: pairs of noise and the ends of its paths, row by row."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.diffusion.probability_paths import runge_kutta


def reflow_pairs(
    network: Callable[[Tensor, Tensor], Tensor], noise: Tensor, n_steps: int, batch_size: int
) -> tuple[Tensor, Tensor]:
    """No row depends on another, so portions do not matter: every row is moved alone."""
    if batch_size < 1:
        raise ValueError(f"{batch_size} rows")
    ends = [runge_kutta(network, row[None], n_steps, "euler")[0][-1] for row in noise]
    return noise.detach(), torch.cat(ends).to(noise.dtype)
