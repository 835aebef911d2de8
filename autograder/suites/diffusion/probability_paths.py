"""What oracles and checks of `flow_matching` share: networks of place and time, solvers, means."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.checks import Watched, close, is_true, parameter_gradients, twin_networks

Network = Callable[[Tensor, Tensor], Tensor]


# Networks


@dataclass(frozen=True)
class Place:
    """A network of place and time for samples of any shape: (B, ...), (B,) -> (B, ...). Each sample
    is treated alone, each element in its own way.
    """

    by_place: Tensor
    by_time: Tensor
    shift: Tensor

    @classmethod
    def of(cls, draw: Any, *shape: int) -> Place:
        """For samples of this shape, the batch left out."""
        return cls(draw.normal(*shape), draw.normal(*shape), draw.normal(*shape))

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        by_place, by_time, shift = (w.to(x) for w in (self.by_place, self.by_time, self.shift))
        axes = [1] * (x.ndim - 1)
        times, others = t.reshape(-1, *axes).to(x), x.reshape(len(x), -1).mean(1).reshape(-1, *axes)
        return torch.tanh(by_place * x + 2 * by_time * times + shift) + times * others


def times_of(watched: Watched) -> list[float]:
    """The time of each call of a network of place and time. Fails unless every call has one time
    for each sample, in the precision of the samples, and all equal.
    """
    found = []
    for given in watched.calls:
        is_true(len(given) == 2, f"called with {len(given)} arguments")
        x, t = given
        is_true(isinstance(t, Tensor) and t.shape == (len(x),), "t is not (B,)")
        is_true(t.dtype == x.dtype, f"t is {t.dtype}")
        is_true((t == t[0]).all(), "times differ")
        found.append(float(t[0]))
    return found


BY_TIME = "lambda net: lambda x, t: net(x) * (1 + t[:, None]) - t[:, None] * x"
"""Makes a network of place and time from one of place."""


def layers(size: int, *, statistics: bool = False) -> tuple[tuple[Any, ...], ...]:
    """A small network (B, size) -> (B, size), with batch norm if statistics are asked for."""
    norm = (("BatchNorm1d", 5),) if statistics else ()
    return ("Linear", size, 5), *norm, ("Tanh",), ("Linear", 5, size)


def timed_twins(student: Any, draw: Any, size: int, **options: Any) -> tuple[Any, Any, Any, Any]:
    """A network of place and time in the student's process and its twin here, and the modules in
    them.
    """
    theirs, twin = twin_networks(student, draw, *layers(size, **options), scale=0.5, **options)
    return student.new("builtins.eval", BY_TIME)(theirs), eval(BY_TIME)(twin), theirs, twin


def same_parameter_gradients(
    student: Any, theirs: Any, twin: torch.nn.Sequential, actual: Tensor, expected: Tensor
) -> None:
    """Fail unless both send the same gradients to the parameters of two twins."""
    is_true(isinstance(actual, Tensor) and actual.requires_grad, "no gradient")
    cotangent = torch.linspace(1.5, 0.5, expected.numel(), dtype=expected.dtype)
    actual.backward(cotangent.reshape(expected.shape))
    expected.backward(cotangent.reshape(expected.shape))
    close(*parameter_gradients(student, theirs, twin))


# Solvers

TABLEAUS: dict[str, tuple[list[float], list[list[float]], list[float]]] = {
    "euler": ([0.0], [[]], [1.0]),
    "heun": ([0.0, 1.0], [[], [1.0]], [0.5, 0.5]),
}
"""Nodes, matrix and weights of each method (Butcher 1963)."""


def runge_kutta(network: Network, x_0: Tensor, n_steps: int, method: str) -> list[list[Tensor]]:
    """The states after each step, x_0 first, and the slopes at their starts: any explicit method by
    its tableau.
    """
    if n_steps < 1:
        raise ValueError(f"{n_steps} steps")
    nodes, matrix, weights = TABLEAUS[method]
    states, slopes = [x_0.detach()], []
    with torch.no_grad():
        for k in range(n_steps):
            found: list[Tensor] = []
            for node, row in zip(nodes, matrix, strict=True):
                at = states[-1] + sum(a * s for a, s in zip(row, found, strict=True)) / n_steps
                t = at.new_ones(len(at)) * ((k + node) / n_steps)
                found.append(network(at, t))
            change = sum(b * s for b, s in zip(weights, found, strict=True))
            states.append(states[-1] + change / n_steps)
            slopes.append(found[0])
    return [states, slopes]


# Moments


def conditional_means(
    x: Tensor, t: Tensor, mean: Tensor, std: Tensor, sigma_min: float
) -> tuple[Tensor, Tensor]:
    """E[x_0 | x_t = x] and E[x_1 | x_t = x] of one Gaussian, number by number, by conditioning in
    the joint covariance of noise, data and their path. x: (B, D), std: (D,).
    """
    share = 1 - (1 - sigma_min) * t
    expected = []
    for i in range(x.shape[1]):
        one, zero = torch.ones_like(t), torch.zeros_like(t)
        root = torch.stack(  # rows: noise, data, path; columns: two independent normal numbers
            [
                torch.stack([one, zero], 1),
                torch.stack([zero, std[i] * one], 1),
                torch.stack([share, t * std[i]], 1),
            ],
            1,
        )
        joint = root @ root.transpose(1, 2)
        regression = joint[:, :2, 2] / joint[:, 2:, 2]
        centre = torch.stack([zero, mean[i] * one], 1)
        expected.append(centre + regression * (x[:, i] - t * mean[i])[:, None])
    both = torch.stack(expected, 2)
    return both[:, 0], both[:, 1]


def permutations(n: int) -> Tensor:
    """All of 0..n-1: (n!, n)."""
    return torch.tensor(list(itertools.permutations(range(n))))


def path_mixture(draw: Any, n: int, size: int, n_parts: int) -> tuple[Tensor, ...]:
    """Places, times and a mixture whose parts overlap: x, t, weights, means, stds."""
    weights = draw.uniform(n_parts, low=0.2, high=1.0)
    return (
        1.5 * draw.normal(n, size),
        draw.uniform(n, low=0.05, high=0.95),
        weights / weights.sum(),
        1.5 * draw.normal(n_parts, size),
        draw.uniform(n_parts, low=0.3, high=1.5),
    )
