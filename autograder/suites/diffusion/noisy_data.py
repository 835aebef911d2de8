"""What the suites of the lab `samplers` share: levels of noise, shapes of batches, networks, and
functions that note their calls.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

SHAPES = pytest.mark.parametrize("shape", [(4, 3), (3, 2, 4, 5), (5,), (3, 3), (4, 4, 4, 4)])
"""Some with as many samples as columns, where a coefficient on the wrong axis still broadcasts."""
ONES = pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1, 1, 1), (1,)])
"""A batch of one, one number for each sample, both."""


def spread(coefficients: Tensor, x: Tensor) -> Tensor:
    """(B,) to the shape of x (B, ...), number by number."""
    rows = [torch.full_like(row, float(c)) for c, row in zip(coefficients, x, strict=True)]
    return torch.stack(rows)


def levels(draw: Any, n: int, low: float = 0.05, high: float = 0.95) -> Tensor:
    """alpha_bar_t of n samples."""
    return draw.uniform(n, low=low, high=high)


def schedule(draw: Any, n: int) -> Tensor:
    """alpha_bar of n steps, from nearly 1 down to little."""
    betas = draw.uniform(n, low=0.5, high=1.5) * 4 / n
    return torch.cumprod(1 - betas.clamp(max=0.9), 0)


class Smooth:
    """A network that depends on x, on each sample's step and, if it is given any, on its label."""

    def __init__(self, draw: Any) -> None:
        self.slope, self.shift = 0.5 + float(draw.uniform(1)), float(draw.normal(1))

    def __call__(self, x: Tensor, t: Tensor, labels: Tensor | None = None) -> Tensor:
        more = (t.to(x.dtype) - 3) / 7
        if labels is not None:
            more = more + (labels.to(x.dtype) * 1.7).sin()
        more = more.reshape(-1, *[1] * (x.ndim - 1))
        return torch.tanh(self.slope * x + self.shift + more) + 0.1 * more


def exact_noise(x: Tensor, alpha_bar_t: Tensor, mean: float, variance: float) -> Tensor:
    """The best estimate of eps for data whose numbers are independent, from N(mean, variance)."""
    kept = alpha_bar_t.reshape(-1, *[1] * (x.ndim - 1)).to(x)
    away = x - kept.sqrt() * mean
    return (1 - kept).sqrt() * away / (kept * variance + 1 - kept)
