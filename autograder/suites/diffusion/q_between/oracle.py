"""Oracle: q(x_t | x_s)."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion import forward_process as process


def q_between(x_s: Tensor, s: Tensor, t: Tensor, eps: Tensor, alpha_bar: Tensor) -> Tensor:
    """Sample by sample, by the single steps in between."""
    betas = process.betas_of(alpha_bar.double())

    def one(x: Tensor, start: Tensor, end: Tensor, noise: Tensor) -> Tensor:
        scale, variance = process.moments(betas, int(start), int(end))
        return (scale * x + variance.sqrt() * noise).to(x_s.dtype)

    return process.each(one, x_s, s, t, eps)
