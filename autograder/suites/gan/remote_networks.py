"""What a network in the student's process holds, read from here."""

from __future__ import annotations

from typing import Any

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
