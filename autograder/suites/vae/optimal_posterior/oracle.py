"""Oracle: the optimal q of a linear-Gaussian VAE."""

from __future__ import annotations

import torch
from torch import Tensor


def optimal_posterior(x: Tensor, W: Tensor, b: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    """p(z | x) by conditioning the joint Gaussian of (z, x), in the D-dimensional space. (mean (B,
    K), cov (K, K)).
    """
    weights = W.double()
    D, K = W.shape
    covariance_x = weights @ weights.T + sigma**2 * torch.eye(
        D, dtype=torch.float64, device=x.device
    )
    gain = torch.linalg.solve(covariance_x, weights).T  # (K, D), Cov[z, x] Cov[x]^-1
    mean = (x.double() - b.double()) @ gain.T
    cov = torch.eye(K, dtype=torch.float64, device=x.device) - gain @ weights
    return mean.to(x.dtype), cov.to(x.dtype)
