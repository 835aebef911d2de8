"""Oracle: BEGAN: losses, balance and convergence."""

from __future__ import annotations

from torch import Tensor


def began_update(
    real_error: Tensor, fake_error: Tensor, k: float, gamma: float, lambda_k: float
) -> tuple[Tensor, Tensor, float, float]:
    """(L_D, L_G, next k, M): the losses in float64 and cast back, k clipped by sorting, M as the
    larger of its two branches.
    """
    real, fake = (
        real_error.double().sum() / len(real_error),
        fake_error.double().sum() / len(fake_error),
    )
    r, f = float(real.detach()), float(fake.detach())
    new_k = sorted((0.0, k - lambda_k * (f - gamma * r), 1.0))[1]
    convergence = max((1 + gamma) * r - f, (1 - gamma) * r + f)
    return (real - k * fake).to(real_error.dtype), fake.to(fake_error.dtype), new_k, convergence
