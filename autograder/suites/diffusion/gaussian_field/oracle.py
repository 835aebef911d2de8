"""Oracle: the field of one Gaussian, by conditioning in the joint covariance."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion.probability_paths import conditional_means


def gaussian_field(
    x: Tensor, t: Tensor, mean: Tensor, std: Tensor, sigma_min: float = 0.0
) -> Tensor:
    """E[x_1 | x_t = x] - (1 - sigma_min) E[x_0 | x_t = x]."""
    noise, data = conditional_means(x, t, mean, std, sigma_min)
    return data - (1 - sigma_min) * noise
