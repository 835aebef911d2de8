"""Oracle: reparameterisation."""

from __future__ import annotations

import torch
from torch import Tensor


def reparameterize(mu: Tensor, logvar: Tensor, eps: Tensor) -> Tensor:
    """mu + A eps with A A^T the covariance, as a matrix product for each row. mu, logvar, eps: (B,
    D). (B, D).
    """
    factor = torch.diag_embed(logvar.double().exp().sqrt())
    return (mu.double() + torch.matmul(factor, eps.double().unsqueeze(-1)).squeeze(-1)).to(mu.dtype)
