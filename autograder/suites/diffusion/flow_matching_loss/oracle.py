"""Oracle: the loss of flow matching, summed sample by sample."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from autograder.suites.diffusion.interpolant import oracle as path
from autograder.suites.diffusion.velocity_target import oracle as target


def flow_matching_loss(
    network: Callable[[Tensor, Tensor], Tensor],
    x_0: Tensor,
    x_1: Tensor,
    t: Tensor,
    sigma_min: float = 0.0,
) -> Tensor:
    """Squared lengths of the error, added up and divided by the number of numbers."""
    velocity = network(path.interpolant(x_0, x_1, t, sigma_min), t)
    off = velocity - target.velocity_target(x_0, x_1, sigma_min)
    return sum(((row**2).sum() for row in off), start=0 * off.sum()) / off.numel()
