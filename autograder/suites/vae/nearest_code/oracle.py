"""Oracle: nearest code of a codebook."""

from __future__ import annotations

from torch import Tensor


def nearest_code(z: Tensor, codebook: Tensor) -> Tensor:
    """Index of the nearest code by brute force over all pairs. z: (B, D); codebook: (K, D). (B,)
    int64.
    """
    return (z.double().unsqueeze(1) - codebook.double().unsqueeze(0)).square().sum(-1).argmin(1)
