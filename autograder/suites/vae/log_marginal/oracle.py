"""Oracle: exact log p(x) of a linear-Gaussian VAE."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def log_marginal(x: Tensor, W: Tensor, b: Tensor, sigma: float) -> Tensor:
    """log N(x | b, W W^T + sigma^2 I) in the K-dimensional space: Woodbury's identity and the
    determinant lemma. (B,), nats.
    """
    weights, residual = W.double(), x.double() - b.double()
    D, K = W.shape
    inner = weights.T @ weights + sigma**2 * torch.eye(K, dtype=torch.float64, device=x.device)
    projected = residual @ weights
    quadratic = (
        residual.square().sum(1) - (projected * torch.linalg.solve(inner, projected.T).T).sum(1)
    ) / sigma**2
    log_det = 2 * (D - K) * math.log(sigma) + torch.linalg.slogdet(inner).logabsdet
    return (-0.5 * (D * math.log(2 * math.pi) + log_det + quadratic)).to(x.dtype)
