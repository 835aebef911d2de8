"""Oracle: q(x_{t-1} | x_t, x_0)."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion import forward_process as process


def posterior(x_0: Tensor, x_t: Tensor, t: Tensor, betas: Tensor) -> tuple[Tensor, Tensor]:
    """By conditioning the joint Gaussian of two neighbouring steps, sample by sample."""
    wide = betas.double()

    def one(start: Tensor, now: Tensor, step: Tensor) -> tuple[Tensor, Tensor]:
        mean, variance = process.conditioned(wide, start, now, int(step))
        return mean.to(x_0.dtype), variance.to(x_0.dtype)

    mean, variance = process.each(one, x_0, x_t, t)
    return mean, variance
