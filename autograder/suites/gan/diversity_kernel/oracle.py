"""Oracle: the diversity kernel."""

from __future__ import annotations

from torch import Tensor


def diversity_kernel(features: Tensor) -> Tensor:
    """Inner products of all pairs by polarisation, (|a + b|^2 - |a - b|^2) / 4. features: (B, D).
    (B, B).
    """
    a, b = features.double().unsqueeze(1), features.double().unsqueeze(0)
    return (((a + b).square().sum(2) - (a - b).square().sum(2)) / 4).to(features.dtype)
