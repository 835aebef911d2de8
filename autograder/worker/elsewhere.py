"""A tensor on a second device, for machines without one: real values that refuse CPU tensors.

Its values are a CPU tensor that it holds. Each operation below autograd runs on those, and its
results are wrapped again: gradients, views and in-place changes work as on any device.

What may mix is what CUDA allows: a CPU scalar (no dimensions) in an elementwise operation, CPU
indices into a tensor over there, and copies. `.cpu()`, `.to()`, `.item()` and `.tolist()` lead
back; `.numpy()` refuses, as CUDA's does.

Why the device is called `lazy`: torch knows the name, has no kernels and no start-up for it, and
runs its backward in the calling thread, as for the CPU. A backend with a name of our own would stay
registered in the process for good.

What it does not see: torch lets gradients of a tensor subclass be on any device, so a custom
backward that returns CPU tensors is refused only where its result is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import torch

DEVICE = torch.device("lazy:0")
"""The device that the tensors report."""
CPU = torch.device("cpu")


class Elsewhere(torch.Tensor):
    """A tensor on `DEVICE`, made of a CPU tensor, whose memory it shares but not its graph."""

    _held: torch.Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @staticmethod
    def __new__(cls, values: torch.Tensor) -> Elsewhere:
        values = values.detach().resolve_conj().resolve_neg()
        wrapper: Elsewhere = torch.Tensor._make_wrapper_subclass(
            cls,
            values.shape,
            strides=values.stride(),
            storage_offset=values.storage_offset(),
            dtype=values.dtype,
            device=DEVICE,
        )
        wrapper._held = values
        return wrapper

    def __init__(self, values: torch.Tensor) -> None:
        """Nothing is left to do after `__new__`, and torch's own would refuse the argument."""

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        return run(func, args, kwargs or {})

    # What torch refuses to every subclass, or would read from the memory that a wrapper lacks

    def numpy(self, *, force: bool = False) -> Any:
        if force:
            return self.detach().cpu().numpy()
        raise TypeError(
            f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy "
            "the tensor to host memory first."
        )

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return self.numpy()

    def tolist(self) -> Any:
        return self.detach().cpu().tolist()

    def __format__(self, spec: str) -> str:
        return format(self.item() if self.dim() == 0 else str(self), spec)

    @property
    def data(self) -> torch.Tensor:
        data: torch.Tensor = torch.Tensor.data.__get__(self)  # type: ignore[attr-defined]
        return data

    @data.setter
    def data(self, new: torch.Tensor) -> None:
        _set_data(self, new)  # raises when `new` is on the CPU
        self._held = bring(new).detach()


def bring(tensor: torch.Tensor) -> torch.Tensor:
    """The values of a tensor on `DEVICE` on the CPU, without its graph. Others come back as is."""
    return tensor._held if isinstance(tensor, Elsewhere) else tensor


def in_nest(function: Callable[[torch.Tensor], torch.Tensor], value: Any) -> Any:
    """A value with each tensor in its lists, tuples and dicts replaced by the function's result."""
    if isinstance(value, torch.Tensor):
        return function(value)
    if isinstance(value, list):
        return [in_nest(function, item) for item in value]
    if isinstance(value, tuple):
        return tuple(in_nest(function, item) for item in value)
    if isinstance(value, dict):
        return {key: in_nest(function, item) for key, item in value.items()}
    return value


# One operation

Mode = AbstractContextManager[Any] | None
"""The dispatch mode that an operation came through, if any: it is off meanwhile."""


def run(func: Any, args: Sequence[Any], kwargs: dict[str, Any], mode: Mode = None) -> Any:
    """One operation of torch on the values of its arguments."""
    wrapped: dict[int, torch.Tensor] = {}
    plain: list[torch.Tensor] = []
    _gather((*args, *kwargs.values()), wrapped, plain)
    if not wrapped and not any(map(is_ours, (*args, *kwargs.values()))):
        return func(*args, **kwargs)
    if (parts := _in_parts(func, args, kwargs, mode)) is not NotImplemented:
        return parts
    if wrapped and plain:
        _check_mix(func, args, kwargs, plain)
    device = kwargs.get("device")
    there = bool(wrapped) if device is None else is_ours(device)
    if there and (generator := kwargs.get("generator")) is not None:
        raise RuntimeError(
            f"Expected a '{DEVICE.type}' device type for generator but found "
            f"'{generator.device.type}'"
        )
    if is_ours(device):
        kwargs = kwargs | {"device": CPU}
    result = func(*in_nest(bring, args), **in_nest(bring, kwargs))
    if _written(func):
        for tensor in wrapped.values():
            _follow(tensor)
    return _wrap(result, wrapped | {id(tensor): tensor for tensor in plain}, there)


def is_ours(device: Any) -> bool:
    return isinstance(device, torch.device) and device.type == DEVICE.type


def _in_parts(func: Any, args: Sequence[Any], kwargs: dict[str, Any], mode: Mode) -> Any:
    """An operation by its parts, each of which comes back here, or NotImplemented.

    Only in inference mode does an operation arrive whole that torch itself would take apart.
    """
    if not torch.is_inference_mode_enabled():
        return NotImplemented
    with mode or nullcontext():
        return func.decompose(*args, **kwargs)


def _gather(
    values: Sequence[Any], wrapped: dict[int, torch.Tensor], plain: list[torch.Tensor]
) -> None:
    """Sort the tensors among arguments: ours by the identity of their values, and the others."""
    for value in values:
        if isinstance(value, Elsewhere):
            wrapped[id(value._held)] = value
        elif isinstance(value, torch.Tensor):
            plain.append(value)
        elif isinstance(value, list | tuple):
            _gather(value, wrapped, plain)


def _wrap(value: Any, known: dict[int, torch.Tensor], there: bool) -> Any:
    """A result as seen from outside. An argument that was changed in place comes back as itself."""
    if isinstance(value, torch.Tensor):
        argument = known.get(id(value))
        return argument if argument is not None else Elsewhere(value) if there else value
    if isinstance(value, list | tuple):
        return type(value)([_wrap(item, known, there) for item in value])
    return value


def _follow(wrapper: Any) -> None:
    """Give a wrapper the shape of its values, which `t_`, `resize_` or `out=` may have changed."""
    values = wrapper._held
    if (wrapper.shape, wrapper.stride()) != (values.shape, values.stride()):
        _set_data(wrapper, Elsewhere(values))


def _set_data(tensor: torch.Tensor, new: torch.Tensor) -> None:
    with torch._C._DisableTorchDispatch():  # torch asks whether types agree, which would come here
        torch.Tensor.data.__set__(tensor, new)  # type: ignore[attr-defined]


# Which devices mix

_COPIES = frozenset({"copy_", "_to_copy"})
_INDEXING = frozenset(
    {"index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index", "_unsafe_index_put"}
)
_TAKE_SCALARS = frozenset({"fill", "fill_", "masked_fill", "masked_fill_"})
"""Operations that take a CPU scalar, though torch does not tag them as elementwise."""


def _check_mix(
    func: Any, args: Sequence[Any], kwargs: dict[str, Any], plain: list[torch.Tensor]
) -> None:
    """Raise RuntimeError, in torch's words, if CUDA would refuse these CPU tensors."""
    name = func.overloadpacket.__name__
    if name in _COPIES:
        return
    allowed: list[Any] = []
    if name in _INDEXING and isinstance(args[0], Elsewhere):
        allowed = [*args[1], *filter(is_scalar, args[2:3])]
    elif torch.Tag.pointwise in func.tags or name in _TAKE_SCALARS:
        named = zip([argument.name for argument in func._schema.arguments], args, strict=False)
        allowed = [
            value
            for key, value in (*named, *kwargs.items())
            if is_scalar(value) and key not in _written(func)
        ]
    for tensor in plain:
        if not any(tensor is one for one in allowed):
            raise two_devices(tensor, name)


def is_scalar(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() == 0 and value.device == CPU


def two_devices(tensor: torch.Tensor, where: str) -> RuntimeError:
    return RuntimeError(
        "Expected all tensors to be on the same device, but found at least two devices, "
        f"{DEVICE} and {tensor.device}! (in {where})"
    )


@cache
def _written(func: Any) -> frozenset[str]:
    """Names of the arguments that an operation writes to."""
    arguments = func._schema.arguments
    return frozenset(a.name for a in arguments if a.alias_info and a.alias_info.is_write)
