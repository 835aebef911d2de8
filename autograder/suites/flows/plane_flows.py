"""What the oracles and checks of the lab `density` share: layers with known inverses, and answers
that get their functions and layers in the student's process.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.checks import twin_networks
from autograder.sandbox.proxy import Student, session_of

Check = Callable[..., None]


# Layers


class Layer:
    """A layer as the text has it: forward(x) -> (z, log_det), inverse(z) -> x, in the precision of
    its input. Counts its calls.
    """

    def __init__(
        self, forward: Callable[[Tensor], Sequence[Tensor]], inverse: Callable[[Tensor], Tensor]
    ) -> None:
        self._forward, self._inverse = forward, inverse
        self.n_forward = self.n_inverse = 0

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        self.n_forward += 1
        z, log_det = self._forward(x)
        return z.to(x.dtype), log_det.to(x.dtype)

    def inverse(self, z: Tensor) -> Tensor:
        self.n_inverse += 1
        return self._inverse(z).to(z.dtype)


def stretch(draw: Any, *shape: int) -> Layer:
    """z = 3 a sinh(x / 3) + c, for each coordinate of a sample of this shape by itself; a of either
    sign. The log-determinant differs from sample to sample. (A steeper function would overflow in
    a stack.)
    """
    a = (0.6 + draw.uniform(*shape)) * draw.normal(*shape).sign()
    c = draw.normal(*shape)

    def forward(x: Tensor) -> tuple[Tensor, Tensor]:
        third = x.double() / 3
        return 3 * a * third.sinh() + c, (a.abs() * third.cosh()).log().flatten(1).sum(1)

    return Layer(forward, lambda z: 3 * ((z.double() - c) / (3 * a)).asinh())


def mixing(draw: Any, *shape: int) -> Layer:
    """z = A x for the coordinates of a sample of this shape, in any order: a matrix that mixes all
    of them. The log-determinant is one number, the same for all samples.
    """
    n = math.prod(shape)
    a = draw.normal(n, n) / n**0.5 + 1.5 * torch.eye(n, dtype=torch.float64)

    def forward(x: Tensor) -> tuple[Tensor, Tensor]:
        z = (x.double().flatten(1) @ a.T).reshape(x.shape)
        return z, torch.linalg.slogdet(a).logabsdet.expand(len(x))

    def inverse(z: Tensor) -> Tensor:
        return torch.linalg.solve(a, z.double().flatten(1).T).T.reshape(z.shape)

    return Layer(forward, inverse)


def mixed_layers(draw: Any, *shape: int) -> list[Layer]:
    """Four layers that don't commute."""
    return [
        mixing(draw, *shape),
        stretch(draw, *shape),
        mixing(draw, *shape),
        stretch(draw, *shape),
    ]


def theirs(student: Any, layer: Layer) -> Any:
    """The layer in the student's process, a module that can be called, whose methods ask ours."""
    module = student.new("torch.nn.Module")
    module.forward = layer.forward
    module.inverse = layer.inverse
    return module


def jacobian_log_det(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """log |det df/dx| of each sample, by autograd and a matrix for each: (B,). f: (B, ...) -> the
    same, sample by sample. Differentiable in x and in what f depends on.
    """
    at = x if x.requires_grad else x.detach().requires_grad_()
    # a coordinate of one sample depends on no other sample: one gradient serves the whole batch
    rows = [
        torch.autograd.grad(each.sum(), at, create_graph=True)[0].flatten(1)
        for each in f(at).flatten(1).unbind(1)
    ]
    return torch.linalg.slogdet(torch.stack(rows, dim=1)).logabsdet


# Answers with their functions and layers


class Completed:
    """The student, where one answer has its first arguments already, or some by name:
    `student.<name>` takes the rest.

    The usual checks hand over tensors and plain functions. Layers and functions that have to be
    in the student's process come in this way.
    """

    def __init__(self, student: Student, name: str, *first: Any, **named: Any) -> None:
        self._session = session_of(student)
        self.new = student.new
        answer = student.new("functools.partial", getattr(student, name), *first, **named)
        setattr(self, name, answer)


def completed(
    checks: dict[str, Check],
    name: str,
    *first: Callable[[Student], Any],
    **named: Callable[[Student], Any],
) -> dict[str, Check]:
    """The usual checks of an answer of which some arguments are made by these functions of the
    student: the first ones, or some by name.
    """

    def with_arguments(check: Check) -> Check:
        @functools.wraps(check)
        def run(student: Student, draw: Any) -> None:
            made = [make(student) for make in first]
            made_by_name = {key: make(student) for key, make in named.items()}
            check(Completed(student, name, *made, **made_by_name), draw)

        return run

    return {title: with_arguments(check) for title, check in checks.items()}


# Networks of coupling layers


def coupling_twins(
    student: Any, draw: Any, n_coordinates: int, *, scale: float = 1.0
) -> tuple[Any, torch.nn.Sequential]:
    """A network (B, D) -> (B, 2 D), far from zero, in the student's process, and its twin here."""
    return twin_networks(
        student,
        draw,
        ("Linear", n_coordinates, 7),
        ("Tanh",),
        ("Linear", 7, 2 * n_coordinates),
        scale=scale,
    )


def coupling_network(draw: Any, n_coordinates: int) -> Callable[[Tensor], Tensor]:
    """The like as a plain function, in the precision of its input."""
    first, second = draw.normal(7, n_coordinates), draw.normal(2 * n_coordinates, 7)
    bias = draw.normal(2 * n_coordinates)

    def net(x: Tensor) -> Tensor:
        return ((x.double() @ first.T).tanh() @ second.T + bias).to(x.dtype)

    return net


def masks(draw: Any, n_coordinates: int) -> Iterator[Tensor]:
    """Masks with ones and zeros in any order: one of each number of ones but none and all."""
    for n_ones in range(1, n_coordinates):
        mask = torch.zeros(n_coordinates, dtype=torch.float64)
        mask[draw.permutation(n_coordinates)[:n_ones]] = 1.0
        yield mask
