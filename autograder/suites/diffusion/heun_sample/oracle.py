"""Oracle: samples by Heun's method, from its tableau."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from autograder.suites.diffusion.probability_paths import runge_kutta


def heun_sample(network: Callable[[Tensor, Tensor], Tensor], x_0: Tensor, n_steps: int) -> Tensor:
    """The last state of the method."""
    return runge_kutta(network, x_0, n_steps, "heun")[0][-1]
