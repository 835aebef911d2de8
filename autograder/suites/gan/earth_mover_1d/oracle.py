"""Oracle: earth mover's distance in one dimension."""

from __future__ import annotations

import math

from torch import Tensor


def earth_mover_1d(x: Tensor, y: Tensor) -> Tensor:
    """W1 of the empirical distributions: each sample repeated to the least common multiple of the
    sizes, then sorted pairs. Scalar.
    """
    n = math.lcm(len(x), len(y))
    left = x.double().repeat_interleave(n // len(x)).sort().values
    right = y.double().repeat_interleave(n // len(y)).sort().values
    return ((left - right).abs().sum() / n).to(x.dtype)
