"""What the grader builds and reads in a student's process, in one request each."""

from __future__ import annotations

from typing import Any

import torch


def network(
    layers: list[list[Any]], dtype: torch.dtype, state: dict[str, torch.Tensor]
) -> torch.nn.Sequential:
    """A network in training mode. A layer is the name of a class of torch.nn and its arguments."""
    built = torch.nn.Sequential(*(getattr(torch.nn, name)(*args) for name, *args in layers))
    built.to(dtype).load_state_dict(state)
    return built


def gradients(network: torch.nn.Module) -> list[torch.Tensor | None]:
    """The .grad of all parameters, in the order of `network.parameters()`."""
    return [parameter.grad for parameter in network.parameters()]
