"""The second device: a context in which tensors can be made there, and ways there and back.

In `other_device()`, `torch.zeros(3, device=x.device)`, `y.to(x.device)` and the like make tensors
on `DEVICE` (elsewhere.py). So a check finds code that is not device-correct without any GPU.

Code that claims to be on this device gains no more than the check that asks: values are compared as
everywhere. Both sides of the pipe use this module, so it imports nothing of the grader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.worker.elsewhere import (
    CPU,
    DEVICE,
    Elsewhere,
    bring,
    in_nest,
    is_ours,
    is_scalar,
    run,
    two_devices,
)

__all__ = [
    "DEVICE",
    "Elsewhere",
    "are_there",
    "bring",
    "in_nest",
    "is_beyond",
    "is_named_in",
    "move",
    "other_device",
]


@contextmanager
def other_device() -> Iterator[None]:
    """While this is open, tensors can be made on `DEVICE` and moved there."""
    with _Operations(), _FromNumbers():
        yield


class _Operations(TorchDispatchMode):
    """Every operation of torch, below autograd."""


def _dispatch(mode: _Operations, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
    return run(func, args, kwargs or {}, mode)


# Set on the finished class, which torch would otherwise wrap: its first call would then import the
# compiler, which takes two seconds.
_Operations.__torch_dispatch__ = _dispatch  # type: ignore[method-assign, assignment]


class _FromNumbers(TorchFunctionMode):
    """What makes tensors of numbers unseen by dispatch modes: `torch.tensor`, lists as indices."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in _CONSTRUCTORS:
            return _construct(func, args, kwargs or {})
        if func in _WITH_INDEX and isinstance(args[0], Elsewhere):
            return func(args[0], _index(args[1]), *args[2:])
        return func(*args, **kwargs or {})


_CONSTRUCTORS = frozenset({torch.tensor, torch.as_tensor, torch.asarray, torch.Tensor.new_tensor})
_WITH_INDEX = frozenset({torch.Tensor.__getitem__, torch.Tensor.__setitem__})


def _construct(func: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """A tensor made of numbers on the CPU, and then moved to where it was asked for."""
    *owner, data = args if args else (kwargs.get("data", kwargs.get("obj")),)
    if isinstance(data, torch.Tensor):
        return func(*args, **kwargs)
    device = kwargs.get("device") or (owner[0].device if owner else None)
    args, kwargs = [_numbers(value) for value in args], in_nest(bring, kwargs)
    if device is None or not is_ours(torch.device(device)):
        return func(*args, **kwargs)
    needs_grad = kwargs.pop("requires_grad", False)
    made = func(*args, **kwargs | {"device": CPU})
    return made.to(device).requires_grad_(needs_grad)


def _numbers(value: Any) -> Any:
    """A nest of lists with the values of our tensors in place of them, as torch reads a GPU's."""
    return in_nest(bring, value) if isinstance(value, list | tuple) else value


def _index(index: Any) -> Any:
    """An index whose lists are tensors on the CPU, as which they may index."""
    if isinstance(index, tuple):
        return tuple(map(_index, index))
    if isinstance(index, list):
        return torch.tensor(_numbers(index), dtype=None if index else torch.long)
    return index


def move(tensor: torch.Tensor) -> torch.Tensor:
    """A leaf on `DEVICE` with a copy of a CPU tensor's values; it needs gradients if that does."""
    return Elsewhere(tensor.detach().clone()).requires_grad_(tensor.requires_grad)


def is_named_in(value: Any) -> bool:
    """Whether `DEVICE`, or a tensor on it, is somewhere in a value's lists, tuples and dicts."""
    if isinstance(value, list | tuple):
        return any(map(is_named_in, value))
    if isinstance(value, dict):
        return any(map(is_named_in, value.values()))
    return isinstance(value, Elsewhere) or is_ours(value)


def are_there(tensors: Sequence[torch.Tensor]) -> bool:
    """Whether tensors are on `DEVICE`, CPU scalars aside. Raises RuntimeError for two devices."""
    if not any(isinstance(tensor, Elsewhere) for tensor in tensors):
        return False
    for tensor in tensors:
        if not isinstance(tensor, Elsewhere) and not is_scalar(tensor):
            raise two_devices(tensor, "a call back")
    return True


_BEYOND = ("'Lazy' backend", "LAZY device type", "has no attribute 'lazy'")


def is_beyond(message: str) -> bool:
    """Whether torch says that `DEVICE` lacks what a real device has.

    Known are generators on the device, checkpoints, and tensors in `torch.Tensor([...])`.
    """
    return any(words in message for words in _BEYOND)
