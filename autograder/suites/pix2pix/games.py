"""Conditional distributions on finitely many sources and targets."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def rows(draw: Any, n: int, m: int, empty: tuple[tuple[int, int], ...] = ()) -> Tensor:
    """(n, m): each row a distribution, 0 at the entries `empty`."""
    weights = draw.uniform(n, m, low=0.2, high=1.5)
    for i, j in empty:
        weights[i, j] = 0
    return weights / weights.sum(1, keepdim=True)


def game(
    draw: Any, n: int = 4, m: int = 5, real: Any = (), fake: Any = (), sources: Any = ()
) -> tuple[Tensor, Tensor, Tensor]:
    """p_x, p_data and p_g, 0 where said."""
    p_x = draw.uniform(n, low=0.2, high=1.5)
    p_x[list(sources)] = 0
    return p_x / p_x.sum(), rows(draw, n, m, real), rows(draw, n, m, fake)


def times_log(p: Tensor, q: Tensor) -> Tensor:
    """p log q in float64, 0 where p is 0, and -inf where q is 0 and p is not."""
    p, q = p.double(), q.double()
    return torch.where(p == 0, 0.0, p * torch.log(torch.where(p == 0, 1.0, q)))
