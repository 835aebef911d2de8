"""Oracle: the velocity as the difference of two points of the path."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.diffusion.interpolant import oracle as path


def velocity_target(x_0: Tensor, x_1: Tensor, sigma_min: float = 0.0) -> Tensor:
    """The path is straight, so the way from t = 0 to t = 1 is its velocity."""
    begin, end = (
        path.interpolant(x_0, x_1, t * torch.ones(len(x_0)).to(x_0), sigma_min) for t in (0.0, 1.0)
    )
    return end - begin
