"""Oracle: the direction of a planar layer that is invertible."""

from __future__ import annotations

import torch
from torch import Tensor


def planar_u_hat(u: Tensor, w: Tensor) -> Tensor:
    """What of u is perpendicular to w, and m(w . u) / |w| along it, in float64. (D,)."""
    if not bool((w != 0).any()):
        return u + 0 * w
    wide_u, wide_w = u.double(), w.double()
    length = torch.linalg.vector_norm(wide_w)
    direction = wide_w / length
    along = direction @ wide_u  # w . u / |w|
    m = torch.logaddexp(torch.zeros_like(along), along * length) - 1
    return (wide_u - along * direction + m / length * direction).to(u.dtype)
