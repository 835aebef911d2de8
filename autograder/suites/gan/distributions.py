"""Distributions on N points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def probabilities(draw: Any, n: int = 9, empty: Sequence[int] = ()) -> Tensor:
    """n random probabilities that sum to one, zero at the points named."""
    p = draw.uniform(n, low=0.1)
    p[list(empty)] = 0
    return p / p.sum()


def followed_by(values: Tensor, *rest: float) -> Tensor:
    """The values and further points, which are constants."""
    return torch.cat([values, values.new_tensor(rest)])
