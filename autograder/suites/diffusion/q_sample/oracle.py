"""Oracle: q(x_t | x_0)."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion import forward_process as process


def q_sample(x_0: Tensor, t: Tensor, eps: Tensor, alpha_bar: Tensor) -> Tensor:
    """Sample by sample, the coefficients from the logit of alpha_bar."""
    logit = alpha_bar.double().logit()

    def one(x: Tensor, step: Tensor, noise: Tensor) -> Tensor:
        at = logit[int(step)]
        return (at.sigmoid().sqrt() * x + (-at).sigmoid().sqrt() * noise).to(x_0.dtype)

    return process.each(one, x_0, t, eps)
