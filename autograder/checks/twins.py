"""Networks in the student's process and their twins here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from autograder.checks.compare import CheckFailed, kind
from autograder.checks.draw import Draw
from autograder.sandbox.proxy import Student
from autograder.worker import building


def twin_networks(
    student: Student,
    draw: Draw,
    *layers: Sequence[Any],
    scale: float = 1.0,
    statistics: bool = False,
) -> tuple[Any, torch.nn.Sequential]:
    """A network in the student's process and its twin here, in float64, in training mode, with the
    same random weights.

    A layer is the name of a class of torch.nn and its arguments. scale: standard deviation of the
    weights. statistics: those of batch norm are random too, far from those of a batch.
    """
    twin = torch.nn.Sequential(*(getattr(torch.nn, name)(*args) for name, *args in layers)).double()
    with torch.no_grad():
        for name, tensor in twin.state_dict().items():
            if name.endswith(("weight", "bias")):
                tensor.copy_(scale * draw.normal(*tensor.shape))
            elif statistics and tensor.is_floating_point():
                tensor.copy_(
                    0.5 + draw.uniform(*tensor.shape)
                    if "running_var" in name
                    else draw.normal(*tensor.shape)
                )
    return in_student(student, twin, *layers), twin


def in_student(student: Student, twin: torch.nn.Sequential, *layers: Sequence[Any]) -> Any:
    """A network of these layers in the student's process, with the weights and in the precision of
    its twin here.
    """
    dtype = next((each.dtype for each in twin.parameters()), torch.float64)
    given = [list(layer) for layer in layers]
    return student.new(f"{building.__name__}.network", given, dtype, dict(twin.state_dict()))


def sgd(
    student: Student, theirs: Any, twin: torch.nn.Module, lr: float = 0.05, **options: Any
) -> tuple[Any, torch.optim.SGD]:
    """An optimizer for each of two twins."""
    return student.new("torch.optim.SGD", theirs.parameters(), lr=lr, **options), torch.optim.SGD(
        twin.parameters(), lr=lr, **options
    )


def parameter_gradients(
    student: Student, theirs: Any, twin: torch.nn.Sequential
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """The .grad of all parameters of two twins, theirs and ours; none counts as zero."""
    parameters = list(twin.parameters())
    found = student.new(f"{building.__name__}.gradients", theirs)
    if not isinstance(found, list) or len(found) != len(parameters):
        raise CheckFailed(f"gradients of {kind(found)}, for {len(parameters)} parameters")
    return _or_zeros(found, parameters), _or_zeros([each.grad for each in parameters], parameters)


def _or_zeros(gradients: Sequence[Any], parameters: Sequence[torch.Tensor]) -> list[Any]:
    return [
        torch.zeros_like(parameter) if gradient is None else gradient
        for gradient, parameter in zip(gradients, parameters, strict=True)
    ]
