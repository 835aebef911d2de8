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
    """The image that belongs to the predicted noise, put into the posterior; sample by sample."""
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(variance)
    wide = betas.double()

    def one(x: Tensor, eps: Tensor, step: Tensor, z: Tensor) -> Tensor:
        scale, spread = process.moments(wide, -1, int(step))
        x_0_hat = (x - spread.sqrt() * eps) / scale
        mean, tilde = process.conditioned(wide, x_0_hat, x, int(step))
        if int(step) == 0:
            return mean.to(x_t.dtype)
        sigma = (wide[int(step)] if variance == "beta" else tilde).sqrt()
        return (mean + sigma * z).to(x_t.dtype)

    return process.each(one, x_t, eps_hat, t, noise)
