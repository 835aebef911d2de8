"""Oracle: data and noise from any prediction."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion.noisy_data import spread


def data_and_noise(
    prediction: Tensor, x_t: Tensor, alpha_bar_t: Tensor, kind: str
) -> tuple[Tensor, Tensor]:
    """Two linear equations in x_0 and eps, by Cramer's rule."""
    if kind not in ("eps", "x_0", "v", "score"):
        raise ValueError(kind)
    a, b = spread(alpha_bar_t.sqrt(), x_t), spread((1 - alpha_bar_t).sqrt(), x_t)
    zero, one = 0.0 * a, 0.0 * a + 1
    c, d = {"eps": (zero, one), "x_0": (one, zero), "v": (-b, a), "score": (zero, -one / b)}[kind]
    determinant = a * d - b * c
    x_0 = (x_t * d - b * prediction) / determinant
    eps = (a * prediction - c * x_t) / determinant
    return x_0, eps
