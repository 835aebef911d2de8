"""What a network in the student's process holds, read from here."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


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


def parameter_gradients(
    student: Any, theirs: Any, twin: torch.nn.Sequential
) -> tuple[list[Tensor], list[Tensor]]:
    """The .grad of all parameters of two twins, theirs and ours; none counts as zero."""
    found, expected = [], []
    for name, parameter in twin.named_parameters():
        index, _, rest = name.partition(".")
        zeros = torch.zeros_like(parameter)
        gradient = student.new("operator.attrgetter", f"{rest}.grad")(theirs[int(index)])
        found.append(zeros if gradient is None else gradient)
        expected.append(zeros if parameter.grad is None else parameter.grad)
    return found, expected
