"""Oracle: the beta-VAE loss."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.vae.bernoulli_nll.oracle import bernoulli_nll
from autograder.suites.vae.kl_divergence.oracle import kl_divergence


def beta_vae_loss(
    x: Tensor, logits: Tensor, mu: Tensor, logvar: Tensor, beta: float = 1.0
) -> Tensor:
    """-log p(x | z) + beta KL(q || p), from this module's own terms. Scalar, nats."""
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)
