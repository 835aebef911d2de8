"""What the suites of the lab `unpaired` share: networks by name, losses of two domains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checks import CheckFailed, Watched, close
from autograder.errors import StudentError
from autograder.report import NOT_YET

Map = Callable[[Tensor], Tensor]


def read(student: Any, network: Any, path: str) -> Any:
    """An attribute of a part of a network in the student's process: "1.weight.grad"."""
    return student.new("operator.attrgetter", path)(network)


def parameters_of(network: Any) -> dict[str, Tensor]:
    """Weights and biases by name, without the running statistics of batch norm."""
    return {
        name: value
        for name, value in dict(network.state_dict()).items()
        if name.endswith(("weight", "bias"))
    }


def buffers_of(network: Any) -> dict[str, Tensor]:
    parameters = parameters_of(network)
    return {
        name: value for name, value in dict(network.state_dict()).items() if name not in parameters
    }


def mean_of_parts(values: Tensor) -> Tensor:
    """The mean over all elements, summed in float64 row by row."""
    return values.double().reshape(-1).sum() / values.numel()


def images(draw: Any, n_a: int = 3, n_b: int = 4, shape: tuple[int, ...] = (1, 3, 2)) -> Any:
    """A batch of each domain. Values leave [-1, 1], since no loss cuts them."""
    return 1.5 * draw.normal(n_a, *shape), 1.5 * draw.normal(n_b, *shape) + 0.5


def into_b(x: Tensor) -> Tensor:
    """A map that does not commute with `into_a`."""
    return 1.3 * x + 0.4 * x.square() + 0.2


def into_a(x: Tensor) -> Tensor:
    return 0.7 * x.flip(-1) - 0.3


def watched() -> tuple[Watched, Watched]:
    return Watched(into_b), Watched(into_a)


def parts(result: Any, n: int = 2) -> list[Any]:
    """The scalars of a result, each a tensor."""
    if not isinstance(result, list | tuple) or len(result) != n:
        raise CheckFailed(f"not {n} results", told=f"{n} results are asked for")
    return list(result)


def weighted(call: Callable[..., Any], n: int = 2) -> Callable[..., Tensor]:
    """A call's scalars, each with its own weight, in one: for gradients."""

    def combined(*given: Tensor) -> Tensor:
        found = parts(call(*given), n)
        return sum((2.0 - 0.7 * i) * part for i, part in enumerate(found))

    return combined


def first_right(check: Callable[[], None]) -> None:
    """Run a check of the ordinary result; the student reads that what follows is judged later."""
    try:
        check()
    except (CheckFailed, StudentError) as error:
        raise CheckFailed(f"not looked at: {error}", told=NOT_YET) from error


def never_close(actual: Any, expected: Any) -> bool:
    """Whether two results differ."""
    try:
        close(actual, expected)
    except CheckFailed:
        return True
    return False


def no_graph(value: Any) -> bool:
    return not (isinstance(value, Tensor) and value.requires_grad)


def plain(x: Tensor) -> Tensor:
    return torch.as_tensor(x).detach()


def take_step(optimizer: Any, value: Tensor) -> Tensor:
    """Set the gradients of what the optimizer holds by autograd.grad, whatever was there, and step.
    The value, detached.
    """
    held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for parameter, grad in zip(held, torch.autograd.grad(value, held), strict=True):
        parameter.grad = grad
    optimizer.step()
    return value.detach()
