"""Values as plain data and raw tensor bytes: what may cross the pipe, and how it is checked on
arrival.

A value is written as a msgpack tree of tagged lists. The reader trusts nothing: sizes, depths,
tags, dtypes and byte counts are checked, nothing is unpickled or evaluated, and whatever is off
raises `ProtocolError`. Used on both sides of the pipe, so it imports nothing of the grader but
`other_device`, whose tensors travel with their values and are of that device on arrival.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np
import torch

from autograder.worker import other_device

FRAME_BYTES = 256 * 2**20
"""The largest frame that is read: a batch of images is a few MiB."""
MAX_ITEMS = 65_536
MAX_VALUES = 2**20
"""Of one message, lists and what is in them: an empty list is one byte on the pipe and 70 in
memory.
"""
MAX_PAIRS = 1024
"""Of one dict: keys that share one hash make a dict quadratic in its size, and no deadline stops
the grader in `decode`.
"""
MAX_DEPTH = 40
MAX_SENT_DEPTH = 24
"""Deeper values are sent as handles, which leaves room for what a message wraps around them."""
MAX_DIMS = 16

_NAMES = "float16 bfloat16 float32 float64 complex64 complex128 bool uint8 int8 int16 int32 int64"
DTYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in _NAMES.split()}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
_OF_NUMPY = frozenset(DTYPES.values()) - {torch.bfloat16, torch.complex64, torch.complex128}
"""Those that NumPy has, and that cannot be conjugated views."""
_INTEGER = re.compile(r"-?[0-9]{1,400}")
_DEVICE = re.compile(r"(cpu|cuda|meta|lazy)(:(0|[1-9][0-9]?))?")
# msgpack's first bytes: how many bytes a value takes, or how many bytes tell the length of its
# text.
_BYTES_OF = {
    0xC0: 1,
    0xC2: 1,
    0xC3: 1,
    0xCC: 2,
    0xCD: 3,
    0xCE: 5,
    0xCF: 9,
    0xD0: 2,
    0xD1: 3,
    0xD2: 5,
    0xD3: 9,
    0xCA: 5,
    0xCB: 9,
}
_BYTES_OF |= {first: 1 for first in (*range(0x80), *range(0x90, 0xA0), *range(0xE0, 0x100))} | {
    0xDC: 3,
    0xDD: 5,
}
_BYTES_OF |= {0xA0 + n: 1 + n for n in range(32)}
_LENGTH_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}


class ProtocolError(Exception):
    """The other side sent something that is not of the protocol."""


Keep = Callable[[Any], list[Any]]
"""Called for a value that does not travel by value; gives its reference, as `["h", id, type name]`,
`["f", id]`, or `["v", tree, method]` (what a method of a value gives, called on arrival).
"""
Register = Callable[[torch.Tensor], int]
"""Called for each tensor that needs gradients; gives the number under which the sender keeps it (0:
not kept).
"""


def pack(message: Any) -> bytes:
    """A message as bytes. Raises ProtocolError when it is larger, or has more values, than a frame
    may have.
    """
    try:
        data: bytes = msgpack.packb(message, use_bin_type=True)
    except (ValueError, OverflowError, TypeError, RecursionError) as error:
        raise ProtocolError(f"cannot be sent: {error}") from error
    if len(data) > FRAME_BYTES:
        raise ProtocolError(f"{len(data)} bytes are more than a frame may hold ({FRAME_BYTES})")
    _check_count(data)
    return data


def unpack(data: bytes) -> Any:
    """Bytes as a message of lists, strings, numbers and bytes; no maps, no extension types, bounded
    lengths and numbers.
    """
    _check_count(data)
    try:
        return msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=True,
            max_array_len=MAX_ITEMS,
            max_map_len=0,
            max_ext_len=0,
            max_str_len=2**24,
            max_bin_len=FRAME_BYTES,
        )
    except (
        Exception
    ) as error:  # msgpack has many of its own, and UnicodeDecodeError, RecursionError
        raise ProtocolError(f"a frame that cannot be read: {type(error).__name__}") from None


def _check_count(data: bytes) -> None:
    """Refuse a frame of too many values before anything is built of it. A frame without that many
    bytes needs no look.
    """
    if len(data) <= MAX_VALUES:
        return
    position = 0
    for _ in range(MAX_VALUES):
        first = data[position]
        if first in _BYTES_OF:
            position += _BYTES_OF[first]
        elif first in _LENGTH_BYTES:
            start = position + 1
            position = start + _LENGTH_BYTES[first]
            position += int.from_bytes(data[start:position], "big")
        else:
            raise ProtocolError("a frame that cannot be read: a map or an extension type")
        if position >= len(data):
            return
    raise ProtocolError(f"a frame of more than {MAX_VALUES} values")


def encode(value: Any, keep: Keep, register: Register, depth: int = 0) -> Any:
    """A value as a tree for `pack`. Tensors and plain data by value, anything else through `keep`.

    Subclasses of tuple, list and dict travel as the plain ones, and are read by the methods of the
    plain ones, because their own may never end.
    """
    kind = type(value)
    if value is None or kind is bool or kind is float or kind is str or kind is bytes:
        return value
    if kind is int:
        if -(2**63) <= value < 2**64:
            return value
        return ["i", str(value)] if value.bit_length() <= 1300 else keep(value)
    if depth > MAX_SENT_DEPTH:
        return keep(value)
    if issubclass(kind, tuple) and tuple.__len__(value) <= MAX_ITEMS - 2:
        return ["t", [encode(item, keep, register, depth + 1) for item in tuple.__iter__(value)]]
    if issubclass(kind, list) and list.__len__(value) <= MAX_ITEMS - 2:
        return ["l", [encode(item, keep, register, depth + 1) for item in list.__iter__(value)]]
    if issubclass(kind, dict) and dict.__len__(value) <= MAX_PAIRS:
        pairs = dict.items(value)
        return ["d", [[encode(x, keep, register, depth + 1) for x in pair] for pair in pairs]]
    if isinstance(value, torch.Tensor):
        return encode_tensor(value, register) or keep(value)
    if isinstance(value, np.generic | np.ndarray):
        try:
            return encode_tensor(torch.from_numpy(np.array(value)), register) or keep(value)
        except (TypeError, ValueError):  # an object or text array
            return keep(value)
    if isinstance(value, torch.dtype | torch.device):
        return [
            "y",
            "dtype" if isinstance(value, torch.dtype) else "device",
            str(value).removeprefix("torch."),
        ]
    return keep(value)


def encode_tensor(tensor: torch.Tensor, register: Register) -> list[Any] | None:
    """`["T", dtype, shape, device, requires_grad, bytes, number]`, or None for a layout or dtype
    that does not travel.
    """
    if tensor.layout is not torch.strided or tensor.dtype not in NAMES or tensor.dim() > MAX_DIMS:
        return None
    data = b"" if tensor.device.type == "meta" else bytes_of(tensor.detach())
    number = register(tensor) if tensor.requires_grad else 0
    return [
        "T",
        NAMES[tensor.dtype],
        list(tensor.shape),
        str(tensor.device),
        bool(tensor.requires_grad),
        data,
        number,
    ]


def bytes_of(tensor: torch.Tensor) -> bytes:
    """The numbers of a tensor that needs no gradients, in C order."""
    plain_kind = type(tensor) is torch.Tensor and tensor.dtype in _OF_NUMPY
    if plain_kind and tensor.device.type == "cpu" and not tensor.is_neg():
        return bytes(tensor.numpy().tobytes())
    plain = tensor.resolve_conj().resolve_neg().cpu().contiguous().reshape(-1)
    if (
        plain.stride() != (1,)
        # a single element counts as contiguous whatever its stride is: the gradient of a sum has 0
    ):
        plain = plain.clone(memory_format=torch.contiguous_format)
    return bytes(plain.view(torch.uint8).numpy().tobytes())


def decode(
    tree: Any,
    refer: Callable[[list[Any]], Any],
    tensor: Callable[[torch.Tensor, int, bool], torch.Tensor],
    depth: int = 0,
) -> Any:
    """The value of a tree. `refer` resolves references; `tensor` receives each tensor with its
    number and whether it needs gradients.
    """
    if tree is None or isinstance(tree, bool | int | float | str | bytes):
        return tree
    if depth > MAX_DEPTH or not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
        raise ProtocolError("a value that is not of the protocol")
    tag, rest = tree[0], tree[1:]
    if tag in ("l", "t") and len(rest) == 1 and isinstance(rest[0], list):
        items = [decode(item, refer, tensor, depth + 1) for item in rest[0]]
        return items if tag == "l" else tuple(items)
    if tag == "d" and len(rest) == 1 and isinstance(rest[0], list):
        return _decode_dict(rest[0], refer, tensor, depth)
    if tag == "T" and len(rest) == 6:
        plain, number, needs_grad = _decode_tensor(rest)
        return tensor(plain, number, needs_grad)
    if tag == "y" and len(rest) == 2 and all(isinstance(item, str) for item in rest):
        return _decode_symbol(*rest)
    if tag == "i" and len(rest) == 1 and isinstance(rest[0], str) and _INTEGER.fullmatch(rest[0]):
        return int(rest[0])
    if tag in ("h", "f", "v"):
        return refer(tree)
    raise ProtocolError(f"unknown tag {tag[:20]!r}")


def _decode_dict(pairs: list[Any], refer: Any, tensor: Any, depth: int) -> dict[Any, Any]:
    if len(pairs) > MAX_PAIRS:
        raise ProtocolError("a dict of too many values")
    result = {}
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ProtocolError("a dict that is not made of pairs")
        key = decode(pair[0], refer, tensor, depth + 1)
        if not (key is None or isinstance(key, bool | int | float | str | bytes | tuple)):
            raise ProtocolError("a dict key that is not plain")
        try:
            result[key] = decode(pair[1], refer, tensor, depth + 1)
        except TypeError as error:  # a tuple key that holds a list
            raise ProtocolError("a dict key that cannot be hashed") from error
    return result


def _decode_symbol(kind: str, name: str) -> Any:
    if kind == "dtype" and name in DTYPES:
        return DTYPES[name]
    if kind == "device":
        return _device(name)
    raise ProtocolError(f"unknown symbol {kind[:20]!r}")


def _device(name: str) -> torch.device:
    if not _DEVICE.fullmatch(name):
        raise ProtocolError("unknown device")
    return torch.device(name)


def _decode_tensor(fields: list[Any]) -> tuple[torch.Tensor, int, bool]:
    dtype_name, shape, device_name, needs_grad, data, number = fields
    if not (
        isinstance(dtype_name, str)
        and dtype_name in DTYPES
        and isinstance(device_name, str)
        and isinstance(data, bytes)
    ):
        raise ProtocolError("a tensor that is not of the protocol")
    if not (
        isinstance(shape, list)
        and len(shape) <= MAX_DIMS
        and all(type(n) is int and 0 <= n < 2**40 for n in shape)
    ):
        raise ProtocolError("a tensor of an impossible shape")
    if type(number) is not int or type(needs_grad) is not bool:
        raise ProtocolError("a tensor that is not of the protocol")
    dtype, device = DTYPES[dtype_name], _device(device_name)
    n_items = math.prod(shape)
    # Of an empty tensor too: torch computes its strides, and its sum over the empty dimension has
    # all the others.
    extent_bytes = math.prod(max(n, 1) for n in shape) * dtype.itemsize
    if extent_bytes > FRAME_BYTES:  # also of a meta tensor: somebody may make another as large
        raise ProtocolError("a tensor of an impossible shape")
    if device.type == "meta":
        return torch.empty(shape, dtype=dtype, device="meta"), number, needs_grad
    if n_items * dtype.itemsize != len(data):
        raise ProtocolError("a tensor whose bytes do not fit its shape")
    if n_items == 0:
        plain = torch.empty(shape, dtype=dtype)
    elif dtype is torch.bool:  # any byte but 0 and 1 in a bool tensor is undefined behaviour
        plain = torch.frombuffer(bytearray(data), dtype=torch.uint8).ne(0).reshape(shape)
    else:
        plain = torch.frombuffer(bytearray(data), dtype=dtype).reshape(shape)
    plain = plain.data  # no view: what a notebook's own tensor allows in place, this one does too
    if device.type == other_device.DEVICE.type:
        plain = other_device.Elsewhere(plain)
    if device.type == "cuda" and (device.index or 0) < torch.cuda.device_count():
        plain = plain.to(device)
    return plain, number, needs_grad and (dtype.is_floating_point or dtype.is_complex)
