"""Oracle: straightness, as the variance of the velocities along the path."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.diffusion.probability_paths import runge_kutta


def straightness(network: Callable[[Tensor, Tensor], Tensor], x_0: Tensor, n_steps: int) -> Tensor:
    """The way of Euler's method is the mean of its velocities, so the mean square around it is
    their variance over the steps.
    """
    _, velocities = runge_kutta(network, x_0, n_steps, "euler")
    spread = torch.stack(velocities).var(0, correction=0)
    return spread.reshape(len(x_0), -1).sum(1)
