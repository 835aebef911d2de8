"""Oracle: the exact denoiser of Gaussian data."""

from __future__ import annotations

import torch
from torch import Tensor


def gaussian_denoiser(x_t: Tensor, alpha_bar_t: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
    """Sample by sample: the regression of x_0 on x_t, from their joint covariance."""
    rows = []
    for x, share in zip(x_t, alpha_bar_t, strict=True):
        cross = share.sqrt() * cov
        own = share * cov + (1 - share) * torch.eye(len(mean)).to(cov)
        rows.append(mean + cross @ torch.linalg.solve(own, x - share.sqrt() * mean))
    return torch.stack(rows)
