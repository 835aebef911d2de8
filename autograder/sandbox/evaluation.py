"""Functions of ours, evaluated for student code: values and vector-Jacobian products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.worker import codec

MAX_CALLBACK_ITEMS = 2**26
"""Elements of the largest tensor that student code may make our functions compute."""


def evaluate(
    function: Callable[..., Any],
    order: int,
    args: list[Any],
    kwargs: dict[str, Any],
    cotangents: list[torch.Tensor],
) -> Any:
    """f, or its vector-Jacobian product of the given order; the first cotangents belong to the
    lowest order.
    """
    if order == 0:
        return function(*args, **kwargs)
    slots = [value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor)]
    with torch.enable_grad():
        leaves = [_leaf(tensor) for tensor in (*slots, *cotangents)]

        def lowest(*tensors: torch.Tensor) -> Sequence[torch.Tensor]:
            queue = list(tensors)
            filled = [queue.pop(0) if isinstance(value, torch.Tensor) else value for value in args]
            named = {
                key: queue.pop(0) if isinstance(value, torch.Tensor) else value
                for key, value in kwargs.items()
            }
            value = function(*filled, **named)
            return [value] if isinstance(value, torch.Tensor) else list(value)

        n_outputs = len(lowest(*leaves[: len(slots)]))
        product, n_arguments, _ = _product(lowest, order, len(slots), n_outputs)
        if len(leaves) != n_arguments:
            raise codec.ProtocolError("cotangents that do not fit")
        return [value.detach() for value in product(*leaves)]


def _leaf(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().requires_grad_(tensor.is_floating_point())


def _product(
    f: Callable[..., Sequence[torch.Tensor]], order: int, n_inputs: int, n_outputs: int
) -> tuple[Callable[..., Sequence[torch.Tensor]], int, int]:
    """The vector-Jacobian product of `f` of the given order, with how many tensors it takes and
    gives.

    Each order takes the arguments of the one below and a cotangent for each of its outputs, and
    gives a gradient for each argument.
    """
    if order == 0:
        return f, n_inputs, n_outputs
    lower, n_lower_inputs, n_lower_outputs = _product(f, order - 1, n_inputs, n_outputs)

    def product(*tensors: torch.Tensor) -> Sequence[torch.Tensor]:
        inputs, grads = tensors[:n_lower_inputs], tensors[n_lower_inputs:]
        wanted = [tensor for tensor in inputs if tensor.requires_grad]
        pairs = [
            (value, grad)
            for value, grad in zip(lower(*inputs), grads, strict=True)
            if value.requires_grad
        ]
        got: Sequence[torch.Tensor | None] = [None] * len(wanted)
        if pairs and wanted:
            got = torch.autograd.grad(
                [v for v, _ in pairs],
                wanted,
                [g for _, g in pairs],
                create_graph=True,
                allow_unused=True,
            )
        by_tensor = {id(tensor): grad for tensor, grad in zip(wanted, got, strict=True)}
        return [
            torch.zeros_like(tensor) if (grad := by_tensor.get(id(tensor))) is None else grad
            for tensor in inputs
        ]

    return product, n_lower_inputs + n_lower_outputs, n_lower_inputs


def broadcast_size(arguments: list[Any]) -> int:
    """How many numbers an elementwise operation on these would make: a column and a row of a few
    KiB can ask for gigabytes.
    """
    shapes = [value.shape for value in arguments if isinstance(value, torch.Tensor)]
    try:
        return torch.broadcast_shapes(*shapes).numel()
    except RuntimeError:  # they don't go together: the function itself decides
        return max(shape.numel() for shape in shapes)
