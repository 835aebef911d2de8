"""Oracle: feature matching."""

from __future__ import annotations

from torch import Tensor


def feature_matching_loss(real_features: Tensor, fake_features: Tensor) -> Tensor:
    """||mean f(x) - mean f(G(z))||^2 from the inner products of all pairs. (N, D), (M, D). Scalar,
    real held constant.
    """
    real, fake = real_features.detach().double(), fake_features.double()
    n, m = len(real), len(fake)
    within = (real @ real.T).sum() / n**2 + (fake @ fake.T).sum() / m**2
    return (within - 2 * (real @ fake.T).sum() / (n * m)).to(fake_features.dtype)
