"""Oracle: the probability-flow ODE."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.diffusion.noisy_data import spread


def probability_flow_drift(x: Tensor, score: Tensor, beta_t: Tensor) -> Tensor:
    """f - g^2 score / 2 with the drift f and the diffusion g of the process (Song et al. 2021)."""
    f, g = -spread(beta_t / 2, x) * x, spread(beta_t.sqrt(), x)
    return f - g.square() * score / 2
