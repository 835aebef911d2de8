"""`plane_density`: how far a density of the plane is from the one that the data come from, and whether samples agree with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from dgm.plane import Plane, checkerboard, rings, two_moons
from dgm.quality.measure import Finding

REACH = 3.0
"""The table is over [-REACH, REACH]^2, its ends included; its rows are y, its columns x."""
N_DRAWS = 20_000
MAX_DISAGREEMENT = 0.02
"""Energy distance of the samples to as many draws from the table. Sees where they are."""
MAX_SURPRISE = 0.3
"""Nats between the mean log density of the samples and that of the table itself. Sees how sharp
they are. Both limits: docs/measurements.md."""
MUCH_BETTER = 0.5
PLANES: dict[str, Callable[[], Plane]] = {
    "two_moons": two_moons,
    "rings": rings,
    "checkerboard": checkerboard,
}


def find(tensors: dict[str, Tensor], options: Mapping[str, Any], seed: int) -> Finding:
    """log_density (201, 201) in nats on the grid, and samples (2000, 2) of the same model.

    Value: the mean of log p - log q over new draws from p, the true density. Its mean is the model's
    negative log-likelihood minus the entropy, and its spread is much smaller. q is the table,
    interpolated, and divided by its integral if that is more than 1. options: `plane`, p's name.
    """
    plane = PLANES[options["plane"]]()
    draws = plane.sample(N_DRAWS, seed).double()
    log_p = plane.log_density(draws)
    log_q, log_mass = normalised(tensors["log_density"].double())
    value = float((log_p - interpolate(log_q, draws)).mean())
    samples = tensors["samples"].double()
    apart = energy_distance(samples, draw(log_q, len(samples), seed))
    surprise = expected(log_q) - float(interpolate(log_q, samples).mean())
    details = {
        "nats": float(-interpolate(log_q, draws).mean()),
        "integral": math.exp(min(log_mass, 700.0)),
        "disagreement": apart,
        "surprise": surprise,
    }
    turned = float((log_p - interpolate(log_q.T, draws)).mean())
    remark = (
        "The table looks transposed: its rows are y, its columns x."
        if turned < value - MUCH_BETTER
        else ""
    )
    return Finding(value, _problem(apart, surprise), details, remark)


def _problem(apart: float, surprise: float) -> str:
    if not apart <= MAX_DISAGREEMENT:
        return (
            f"The samples do not agree with log_density: their energy distance to draws from it is "
            f"{apart:.2g}, and at most {MAX_DISAGREEMENT:g} is accepted."
        )
    if not abs(surprise) <= MAX_SURPRISE:
        which = "more" if surprise < 0 else "less"
        return (
            f"The samples do not agree with log_density: at them it is {abs(surprise):.2g} nats "
            f"{which} than at draws from it, on average, and {MAX_SURPRISE:g} is accepted."
        )
    return ""


def normalised(log_q: Tensor) -> tuple[Tensor, float]:
    """The table, divided by its integral where that is over 1; and the log of the integral.

    The sum over the grid's points (halved at the edges) is the integral of what `interpolate`
    makes of them: no table gains by what lies between the points.
    """
    log_mass = float(torch.logsumexp((log_q + _log_area(log_q)).flatten(), 0))
    return log_q - max(0.0, log_mass), log_mass


def interpolate(log_q: Tensor, points: Tensor) -> Tensor:
    """log q at points (N, 2): q itself is bilinear between the points of the grid. Outside, that of the
    edge. Where a density has a sharp edge, its logarithm could not be interpolated.
    """
    last = len(log_q) - 1
    at = ((points.to(log_q.dtype) + REACH) * last / (2 * REACH)).clamp(0, last)
    low = at.floor().clamp(max=last - 1)
    share = torch.stack([1 - (at - low), at - low])  # (2, N, 2): of the lower and the upper side
    column, row = low.long().unbind(1)
    corners = [
        log_q[row + up, column + right] + (share[up, :, 1] * share[right, :, 0]).log()
        for up in (0, 1)
        for right in (0, 1)
    ]
    return torch.stack(corners).logsumexp(0)


def expected(log_q: Tensor) -> float:
    """E[log q] under the table's own distribution."""
    mass = (log_q + _log_area(log_q)).flatten().softmax(0)
    return float((mass * log_q.flatten()).sum())


def draw(log_q: Tensor, n: int, seed: int) -> Tensor:
    """Points (n, 2) from the table: a cell around a point of the grid by its mass, then anywhere in it."""
    chance = torch.Generator().manual_seed(seed)
    mass = (log_q + _log_area(log_q)).flatten().softmax(0)
    cells = torch.multinomial(mass, n, replacement=True, generator=chance)
    row, column = cells // log_q.shape[1], cells % log_q.shape[1]
    step = 2 * REACH / (len(log_q) - 1)
    within = torch.rand(n, 2, generator=chance, dtype=log_q.dtype) - 0.5
    return (torch.stack([column, row], dim=1) + within) * step - REACH


def energy_distance(x: Tensor, y: Tensor) -> float:
    """2 E|x - y| - E|x - x'| - E|y - y'| without bias: near 0 for sets from one distribution
    (Székely and Rizzo 2013). Infinite where numbers overflow.
    """

    def within(points: Tensor) -> Tensor:
        return torch.cdist(points, points).sum() / (len(points) * (len(points) - 1))

    apart = float(2 * torch.cdist(x, y).mean() - within(x) - within(y))
    return apart if math.isfinite(apart) else math.inf


def _log_area(table: Tensor) -> Tensor:
    """Log of the area that each point of the grid stands for."""
    side = torch.full((len(table),), 2 * REACH / (len(table) - 1), dtype=table.dtype)
    side[0] /= 2
    side[-1] /= 2
    return (side[:, None] * side[None, :]).log()
