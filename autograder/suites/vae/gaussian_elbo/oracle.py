"""Oracle: exact ELBO of a linear-Gaussian VAE."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.vae.elbo_gap.oracle import elbo_gap
from autograder.suites.vae.log_marginal.oracle import log_marginal
from autograder.suites.vae.optimal_posterior.oracle import optimal_posterior


def gaussian_elbo(x: Tensor, W: Tensor, b: Tensor, sigma: float, m: Tensor, S: Tensor) -> Tensor:
    """log p(x) less the gap KL(q || posterior): the ELBO without any expectation. m: (B, K); S: (K,
    K). (B,), nats.
    """
    data, weights, offset = x.double(), W.double(), b.double()
    mean, cov = optimal_posterior(data, weights, offset, sigma)
    return (
        log_marginal(data, weights, offset, sigma) - elbo_gap(m.double(), S.double(), mean, cov)
    ).to(x.dtype)
