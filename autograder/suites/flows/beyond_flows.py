"""What oracles and checks of `beyond` share: autoregressive networks, Jacobians, splines."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.checks import close, is_true, parameter_gradients, twin_networks

Map = Callable[[Tensor], Tensor]


# Networks


def places(order: Tensor) -> list[int]:
    """Where each component comes in the order: that of component order[k] is k."""
    found = [0] * len(order)
    for place, component in enumerate(order.tolist()):
        found[component] = place
    return found


@dataclass(frozen=True)
class Weights:
    """Of a network with one hidden layer of tanh units, (B, D) -> (B, n)."""

    first: Tensor
    shift: Tensor
    second: Tensor
    end: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        first, shift, second, end = (w.to(x) for w in (*self.layer(0), *self.layer(1)))
        return torch.tanh(x @ first.T + shift) @ second.T + end

    def layer(self, number: int) -> tuple[Tensor, Tensor]:
        return ((self.first, self.shift), (self.second, self.end))[number]

    def in_notebook(self, student: Any, draw: Any) -> tuple[Any, torch.nn.Sequential]:
        """The network in the student's process, and its twin here."""
        hidden, n_in = self.first.shape
        layers = ("Linear", n_in, hidden), ("Tanh",), ("Linear", hidden, len(self.end))
        theirs, twin = twin_networks(student, draw, *layers)
        names = ("0.weight", "0.bias", "2.weight", "2.bias")
        state = dict(zip(names, (*self.layer(0), *self.layer(1)), strict=True))
        theirs.load_state_dict(state)
        twin.load_state_dict(state)
        return theirs, twin


def conditioner(draw: Any, order: Tensor, scale: float = 0.8, end: float = 0.5) -> Weights:
    """Autoregressive in the order, (B, D) -> (B, 2 D), and far from zero."""
    place = torch.tensor(places(order)).repeat(2)
    n = len(order)
    sees = place[:n] < place[:, None]  # hidden units have the places of the outputs
    passes = place <= place[:, None]
    return Weights(
        draw.normal(2 * n, n) * sees,
        draw.normal(2 * n),
        scale * draw.normal(2 * n, 2 * n) * passes,
        end * draw.normal(2 * n),
    )


def network(draw: Any, n: int, n_out: int | None = None, scale: float = 1.0) -> Weights:
    """A field without any mask, (B, n) -> (B, n_out)."""
    out = n if n_out is None else n_out
    return Weights(draw.normal(6, n), draw.normal(6), scale * draw.normal(out, 6), draw.normal(out))


def same_parameter_gradients(
    student: Any, theirs: Any, twin: torch.nn.Sequential, actual: Tensor, expected: Tensor
) -> None:
    """Fail unless both send the same gradients to the parameters of two twins.

    Weights that are zero belong to a mask. Their gradients are not looked at: an oracle by the full
    Jacobian has others, because without the mask it would not be triangular.
    """
    is_true(isinstance(actual, Tensor) and actual.requires_grad, "no gradient")
    cotangent = torch.linspace(1.5, 0.5, expected.numel(), dtype=expected.dtype)
    actual.backward(cotangent.reshape(expected.shape))
    expected.backward(cotangent.reshape(expected.shape))
    kept = [parameter.detach() != 0 for parameter in twin.parameters()]
    found, wanted = parameter_gradients(student, theirs, twin)
    close(*([g * mask for g, mask in zip(each, kept, strict=True)] for each in (found, wanted)))


# Jacobians


def jacobians(f: Map, x: Tensor) -> Tensor:
    """df_i/dx_j of each sample, by one backward pass for each i: (B, D, D), differentiable."""
    with torch.enable_grad():
        rows = []
        for row in x:
            at = row[None] if row.requires_grad else row.detach().clone()[None].requires_grad_()
            value = f(at)[0]
            gradients = [
                torch.autograd.grad(v, at, create_graph=True, materialize_grads=True)[0][0]
                if v.requires_grad
                else torch.zeros_like(row)
                for v in value
            ]
            rows.append(torch.stack(gradients))
        return torch.stack(rows)


def log_dets(f: Map, x: Tensor) -> Tensor:
    """log |det df/dx| of each sample, from the full Jacobian: (B,)."""
    return torch.linalg.slogdet(jacobians(f, x)).logabsdet


def layer(conditioner: Map, x: Tensor) -> tuple[Tensor, Tensor]:
    """z and log_det of a masked autoregressive layer: the Jacobian is triangular, its diagonal one
    over the scales. (Checks compare with the full Jacobian: `log_dets`.)
    """
    n = x.shape[1]
    parameters = conditioner(x)
    scales = parameters[:, n:].exp()
    columns = [(x[:, i] - parameters[:, i]) / scales[:, i] for i in range(n)]
    return torch.stack(columns, 1), scales.reciprocal().log().sum(1)


def standard_normal(z: Tensor) -> Tensor:
    """log N(z; 0, 1) of each number."""
    return torch.distributions.Normal(torch.zeros_like(z), torch.ones_like(z)).log_prob(z)


def implicit_sample(conditioner: Map, z: Tensor, order: Tensor) -> Tensor:
    """The root x of `standardise(conditioner, x) = z`, component by component. Its gradient is that
    of one step of Newton's method from the root, by the theorem of implicit functions:
    J^-1 (dz - df), with J held constant.
    """
    n = z.shape[1]
    with torch.no_grad():
        columns = [torch.zeros_like(z[:, 0])] * n
        for i in order.tolist():
            parameters = conditioner(torch.stack(columns, 1))
            columns[i] = parameters[:, i] + z[:, i] * torch.exp(parameters[:, n + i])
        root = torch.stack(columns, 1)
    matrix = jacobians(lambda x: standardise(conditioner, x), root).detach()
    return root + torch.linalg.solve(matrix, z - standardise(conditioner, root))


def standardise(conditioner: Map, x: Tensor) -> Tensor:
    """One layer of a masked autoregressive flow, component by component."""
    n = x.shape[1]
    parameters = conditioner(x)
    columns = [(x[:, i] - parameters[:, i]) / torch.exp(parameters[:, n + i]) for i in range(n)]
    return torch.stack(columns, 1)


# Splines


@dataclass(frozen=True)
class Spline:
    """One monotone rational-quadratic spline: knots and slopes, (K + 1,) each, in float64; or as
    lists of floats, for speed.
    """

    x: Any
    y: Any
    slopes: Any

    @classmethod
    def of(cls, *parameters: Any) -> Spline:
        """That of one number: widths and heights (K,), derivatives (K - 1,), and the limits."""
        *sizes, bound, min_size, min_derivative = parameters
        rows = [each[None] for each in sizes]
        return splines((1,), *rows, bound, min_size, min_derivative)[0]

    def __call__(self, x: Any) -> Any:
        """y for a number x, in the form of Gregory and Delbourgo (1982)."""
        if not self.x[0] < x < self.x[-1]:
            return x * 1.0
        k = sum(bool(knot <= x) for knot in self.x[1:-1])
        y_0, y_1, d_0, d_1 = self.y[k], self.y[k + 1], self.slopes[k], self.slopes[k + 1]
        width = self.x[k + 1] - self.x[k]
        s, xi = (y_1 - y_0) / width, (x - self.x[k]) / width
        rest = 1 - xi
        above = s * y_1 * xi**2 + (y_0 * d_1 + y_1 * d_0) * xi * rest + s * y_0 * rest**2
        below = s * xi**2 + (d_1 + d_0) * xi * rest + s * rest**2
        return above / below

    def solve(self, y: float) -> float:
        """The x that is mapped to the number y, by bisection."""
        plain = Spline(*(each.detach().tolist() for each in (self.x, self.y, self.slopes)))
        low, high = plain.x[0], plain.x[-1]
        if not low < y < high:
            return y
        while (middle := (low + high) / 2) not in (low, high):
            low, high = (middle, high) if plain(middle) < y else (low, middle)
        return middle


def splines(
    shape: Sequence[int],
    widths: Tensor,
    heights: Tensor,
    derivatives: Tensor,
    bound: float,
    min_size: float,
    min_derivative: float,
) -> list[Spline]:
    """That of each number of a tensor, in the order of flatten()."""
    n_bins, n = widths.shape[-1], math.prod(shape)
    slopes = derivatives.double().reshape(n, n_bins - 1)
    inner = min_derivative + torch.logaddexp(slopes, torch.zeros_like(slopes))
    one = inner.new_ones(n, 1)
    rows = (
        _knots(widths.double().reshape(n, n_bins), bound, min_size),
        _knots(heights.double().reshape(n, n_bins), bound, min_size),
        torch.cat([one, inner, one], 1),
    )
    return [Spline(*each) for each in zip(*rows, strict=True)]


def _knots(sizes: Tensor, bound: float, min_size: float) -> Tensor:
    """(N, K) logits of the sizes of bins to (N, K + 1) knots: from the left one by one, the last
    one exact.
    """
    n = sizes.shape[1]
    shares = torch.exp(sizes - torch.logsumexp(sizes, 1, keepdim=True))
    parts = 2 * bound * (min_size + (1 - n * min_size) * shares)
    at = [torch.full_like(parts[:, 0], -bound)]
    for part in parts.unbind(1):
        at.append(at[-1] + part)
    return torch.stack([*at[:-1], torch.full_like(at[0], bound)], 1)


def needs_gradients(*given: Any) -> bool:
    return torch.is_grad_enabled() and any(
        isinstance(each, Tensor) and each.requires_grad for each in given
    )


def slope_at(spline: Spline, x: Tensor) -> Tensor:
    """dy/dx of a spline at a number, by autograd, differentiable."""
    with torch.enable_grad():
        at = x if x.requires_grad else x.detach().clone().requires_grad_()
        return torch.autograd.grad(spline(at), at, create_graph=True)[0]


def spline_inputs(draw: Any, *shape: int, n_bins: int = 5, reach: float = 2.8) -> tuple[Any, ...]:
    """Numbers within +-reach, and the parameters of a spline for each: far from zero."""
    x = draw.uniform(*shape, low=-reach, high=reach)
    return (
        x,
        1.5 * draw.normal(*shape, n_bins),
        1.5 * draw.normal(*shape, n_bins),
        2 * draw.normal(*shape, n_bins - 1),
    )
