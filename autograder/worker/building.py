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


KINDS = (
    ("conv", torch.nn.modules.conv._ConvNd),
    ("linear", torch.nn.modules.linear.Linear),
    ("norm", torch.nn.modules.batchnorm._BatchNorm),
)


def layers_passed(
    network: torch.nn.Module, x: torch.Tensor
) -> list[tuple[str, torch.nn.Module, torch.Tensor | None]]:
    """The layers with weights that x passes through, in order: kind, module, and what reached it
    (None: it was handed over by keyword).
    """
    seen: dict[torch.nn.Module, tuple[Any, ...]] = {}
    hook = torch.nn.modules.module.register_module_forward_pre_hook(seen.__setitem__)
    try:
        network(x)
    finally:
        hook.remove()
    return [
        (kind, module, inputs[0].detach() if inputs else None)
        for module, inputs in seen.items()
        for kind, layer in KINDS
        if isinstance(module, layer)
    ]
