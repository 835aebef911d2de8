"""Oracle: one step of the backward chain."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion import forward_process as process


def ancestral_step(
    x_t: Tensor,
    eps_hat: Tensor,
    t: Tensor,
    noise: Tensor,
    betas: Tensor,
    variance: str = "beta",
) -> Tensor:
    """The image that belongs to the predicted noise, put into the posterior; step by step."""
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(variance)
    wide = betas.double()

    def one(step: int, x: Tensor, eps: Tensor, z: Tensor) -> Tensor:
        scale, spread = process.moments(wide, -1, step)
        x_0_hat = (x - spread.sqrt() * eps) / scale
        mean, tilde = process.conditioned(wide, x_0_hat, x, step)
        if step == 0:
            return mean.to(x_t.dtype)
        sigma = (wide[step] if variance == "beta" else tilde).sqrt()
        return (mean + sigma * z).to(x_t.dtype)

    return process.each_step(one, t, x_t, eps_hat, noise)
