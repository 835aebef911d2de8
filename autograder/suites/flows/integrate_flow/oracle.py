"""Oracle: a continuous flow by Euler and Runge-Kutta."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

TABLEAUS: dict[str, tuple[list[float], list[list[float]], list[float]]] = {
    "euler": ([0.0], [[]], [1.0]),
    "rk4": (
        [0.0, 0.5, 0.5, 1.0],
        [[], [0.5], [0.0, 0.5], [0.0, 0.0, 1.0]],
        [1 / 6, 1 / 3, 1 / 3, 1 / 6],
    ),
}
"""Nodes, matrix and weights of each method (Butcher 1963)."""


def integrate_flow(
    field: Callable[[float, Tensor], tuple[Tensor, Tensor]],
    x: Tensor,
    t_start: float,
    t_end: float,
    n_steps: int,
    method: str = "rk4",
) -> tuple[Tensor, Tensor]:
    """Any explicit Runge-Kutta method by its tableau, on the state (x, log_det) as one tensor."""
    if method not in TABLEAUS or n_steps < 1:
        raise ValueError(f"{method!r}, {n_steps} steps")
    nodes, matrix, weights = TABLEAUS[method]
    state = torch.cat([x.double(), torch.zeros_like(x[:, :1]).double()], 1)
    times = torch.linspace(t_start, t_end, n_steps + 1, dtype=torch.float64).tolist()
    for begin, end in pairwise(times):
        slopes: list[Tensor] = []
        for node, row in zip(nodes, matrix, strict=True):
            at = state + (end - begin) * sum(a * s for a, s in zip(row, slopes, strict=True))
            velocity, divergence = field(begin + node * (end - begin), at[:, :-1])
            slopes.append(torch.cat([velocity, divergence[:, None]], 1))
        state = state + (end - begin) * sum(b * s for b, s in zip(weights, slopes, strict=True))
    return state[:, :-1].to(x.dtype), state[:, -1].to(x.dtype)
