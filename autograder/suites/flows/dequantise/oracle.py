"""Oracle: dequantisation."""

from __future__ import annotations

from torch import Tensor


def dequantise(levels: Tensor, u: Tensor) -> Tensor:
    """The point at the share u between the two ends of the level's interval. u: as levels, floats.
    As u.
    """
    low = levels.double() / 256
    high = (levels.double() + 1) / 256
    return ((1 - u) * low + u * high).to(u.dtype)
