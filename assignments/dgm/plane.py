"""Two-dimensional data whose density and entropy are known: what a model learns can be told from what there is to learn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

Draw = Callable[[int, torch.Generator], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Plane:
    """A distribution of points (N, 2) around the origin, in parts with a label each. `two_moons()`, `rings()` and `checkerboard()` make one.

    extent: nearly all points lie within +-extent on both axes.
    """

    name: str
    extent: float
    draw: Draw = field(repr=False)
    density: Callable[[Tensor], Tensor] = field(repr=False)

    def sample(self, n: int, seed: int = 0) -> Tensor:
        """Points (n, 2), float32, the same for the same seed."""
        return self.sample_with_labels(n, seed)[0]

    def sample_with_labels(self, n: int, seed: int = 0) -> tuple[Tensor, Tensor]:
        """Points (n, 2), float32, and the part (n,) that each belongs to, int64."""
        points, labels = self.draw(n, torch.Generator().manual_seed(seed))
        return points.float(), labels

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x) in nats: (N, 2) -> (N,), on the device and in the precision of x; -inf where there are no points."""
        if x.ndim != 2 or x.shape[1] != 2:
            raise ValueError(f"points must be (N, 2), not {tuple(x.shape)}")
        return self.density(x)

    @cached_property
    def entropy(self) -> float:
        """-E[log p(x)] in nats. No model's negative log-likelihood on new data is lower on average. By quadrature."""
        n, reach = 600, 2 * self.extent
        axis = torch.linspace(-reach, reach, n + 1, dtype=torch.float64)
        middle = (axis[1:] + axis[:-1]) / 2
        total = 0.0
        for y in middle.split(100):
            grid = torch.cartesian_prod(y, middle)
            log_p = self.density(grid)
            p = log_p.exp()
            total -= float(torch.where(p > 0, p * log_p, 0.0).sum())
        return total * (2 * reach / n) ** 2


def two_moons(noise: float = 0.1) -> Plane:
    """Two half circles of radius 1 that reach into each other, blurred by a Gaussian of standard deviation `noise`."""
    _positive(noise)
    shift = torch.tensor([[0.5, 0.25]], dtype=torch.float64)

    def arcs(angle: Tensor, part: Tensor) -> Tensor:
        upper = torch.stack([angle.cos(), angle.sin()], dim=-1)
        lower = torch.stack([1 - angle.cos(), 0.5 - angle.sin()], dim=-1)
        return torch.where(part[..., None] == 0, upper, lower)

    def draw(n: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
        labels = torch.randint(2, (n,), generator=chance)
        angle = math.pi * torch.rand(n, generator=chance, dtype=torch.float64)
        blur = torch.randn(n, 2, generator=chance, dtype=torch.float64)
        return arcs(angle, labels) - shift + noise * blur, labels

    # Gauss-Legendre over the angle: exact to the last digits once the nodes lie closer than the blur is wide.
    at, share = np.polynomial.legendre.leggauss(max(48, math.ceil(6 / noise)))
    angle = torch.from_numpy((at + 1) * math.pi / 2).repeat(2)
    part = torch.arange(2).repeat_interleave(len(at))
    centres = arcs(angle, part) - shift
    log_share = torch.from_numpy(np.log(share / 4)).repeat(2)

    def density(x: Tensor) -> Tensor:
        wide = x.double()
        distance = torch.cdist(wide, centres.to(x.device)).square()
        log_p = torch.logsumexp(log_share.to(x.device) - distance / (2 * noise**2), dim=1)
        return (log_p - math.log(2 * math.pi * noise**2)).to(x.dtype)

    return Plane("two moons", 1.8 + 2 * noise, draw, density)


def rings(radii: tuple[float, ...] = (0.6, 1.3, 2.0), noise: float = 0.08) -> Plane:
    """Circles around the origin, equally likely, blurred by a Gaussian of standard deviation `noise`."""
    _positive(noise, *radii)
    radius = torch.tensor(radii, dtype=torch.float64)

    def draw(n: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
        labels = torch.randint(len(radii), (n,), generator=chance)
        angle = 2 * math.pi * torch.rand(n, generator=chance, dtype=torch.float64)
        circle = radius[labels, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
        return circle + noise * torch.randn(n, 2, generator=chance, dtype=torch.float64), labels

    def density(x: Tensor) -> Tensor:
        # A circle of radius r, blurred: exp(-(|x|^2 + r^2) / 2 s^2) I_0(|x| r / s^2) / (2 pi s^2), with I_0 scaled by its exponential.
        at = x.double().norm(dim=1, keepdim=True)
        r = radius.to(x.device)
        bessel = torch.special.i0e(at * r / noise**2).log()
        log_p = torch.logsumexp(bessel - (at - r).square() / (2 * noise**2), dim=1)
        return (log_p - math.log(2 * math.pi * noise**2 * len(radii))).to(x.dtype)

    return Plane("rings", max(radii) + 4 * noise, draw, density)


def checkerboard(squares: int = 4, size: float = 1.0) -> Plane:
    """Uniform on every second square of a board of squares x squares, each `size` wide: sharp edges, and parts that touch at corners only."""
    _positive(squares, size)
    if squares % 2:
        raise ValueError(f"the board needs an even number of squares on a side, not {squares}")
    half = squares * size / 2

    def draw(n: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
        row = torch.randint(squares, (n,), generator=chance)
        column = 2 * torch.randint(squares // 2, (n,), generator=chance) + row % 2
        inside = torch.rand(n, 2, generator=chance, dtype=torch.float64)
        return (torch.stack([column, row], dim=1) + inside) * size - half, row % 2

    def density(x: Tensor) -> Tensor:
        cell = ((x.double() + half) / size).floor()
        on = (cell >= 0).all(1) & (cell < squares).all(1) & (cell.sum(1) % 2 == 0)
        log_p = torch.full(on.shape, -math.log(squares**2 / 2 * size**2), device=x.device)
        return log_p.masked_fill(~on, -math.inf).to(x.dtype)

    return Plane("checkerboard", half, draw, density)


def grid_points(extent: float, n: int) -> Tensor:
    """The points (n * n, 2) of a square grid over +-extent on both axes, its ends included, float32.

    Row by row: in a table (n, n) of values at them, a row is a y and a column an x.
    """
    axis = torch.linspace(-extent, extent, n)
    return torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1).reshape(-1, 2)


def _positive(*values: float) -> None:
    if not all(value > 0 for value in values):
        raise ValueError(f"widths, radii and noise must be positive, not {values}")
