"""What the oracles and checks of the lab `images` share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checks import CheckFailed, close, same_gradients, twin_networks


def jacobian_log_det(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """log|det dz/dx| of each sample (B,), from the Jacobian of the values that `function`
    returns for a batch of one.

    function: (1, ...) -> (1, ...) with as many numbers; x: (B, ...).
    """
    log_dets = []
    for sample in x.split(1):
        matrix = torch.autograd.functional.jacobian(function, sample)
        log_dets.append(torch.linalg.slogdet(matrix.reshape(sample.numel(), -1)).logabsdet)
    return torch.stack(log_dets)


def flat(result: Any) -> Tensor:
    """All parts of a result in one row, so that their gradients are looked at together."""
    parts = result if isinstance(result, list | tuple) else [result]
    if not all(isinstance(part, Tensor) for part in parts):
        raise CheckFailed("a part is no tensor", told="each part of the result is a tensor")
    return torch.cat([part.reshape(-1) for part in parts])


def same_gradients_of_all(
    call: Callable[..., Any], oracle: Callable[..., Any], names: str, *inputs: Tensor
) -> None:
    """`same_gradients` of a result of several parts. names: of the arguments, as the question has
    them.
    """
    ours = _with_parameters(names, lambda *given: flat(oracle(*given)))
    same_gradients(lambda *given: flat(call(*given)), ours, *inputs)


def _with_parameters(names: str, function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The function with parameters of these names, by which a student reads of them."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, kind) for name in names.split()]
    )
    return function


def same_parts(actual: Any, expected: tuple[Tensor, ...]) -> None:
    """Fail unless every part agrees as closely as float64 does."""
    close(actual, expected, rtol=1e-6, atol=1e-6)


def prior(mean: float, log_std: float) -> Callable[[Tensor], Tensor]:
    """A network that gives every number the same mean and the same log of the width."""

    def network(stays: Tensor) -> Tensor:
        return torch.cat([torch.full_like(stays, mean), torch.full_like(stays, log_std)], dim=1)

    return network


def weights_of(student: Any, network: Any, *, gradients: bool = False) -> list[Tensor]:
    """Weight and bias of the one layer of a network, theirs or a twin here, or their gradients."""
    parts = ("weight", "bias")
    layer = network[0]
    paths = [f"{part}.grad" if gradients else part for part in parts]
    if isinstance(network, torch.nn.Module):
        return [getattr(layer, part).grad if gradients else getattr(layer, part) for part in parts]
    found = [student.new("operator.attrgetter", path)(layer) for path in paths]
    if not all(isinstance(each, Tensor) for each in found):
        raise CheckFailed("no gradient", told="no gradient reaches the network's parameters")
    return found


def networks(student: Any, draw: Any, half: int) -> tuple[Any, torch.nn.Sequential]:
    """A convolution over there and its twin here, from `half` channels to twice as many."""
    return twin_networks(student, draw, ("Conv2d", half, 2 * half, 3, 1, 1), scale=0.4)


def wavy(stays: Tensor) -> Tensor:
    """A network without weights, whose mean and log-width differ from pixel to pixel."""
    return torch.cat([2 * stays.sin() + 1, stays.roll(1, -1).cos() - 0.5], dim=1)


def matrix(draw: Any, size: int, *, negative: bool = False) -> Tensor:
    """A matrix far from orthogonal, with a determinant of the sign that is asked for."""
    weight = draw.normal(size, size) + 0.5 * torch.eye(size, dtype=torch.float64)
    if bool(torch.det(weight) < 0) is not negative:
        weight[0] = -weight[0]
    return weight
