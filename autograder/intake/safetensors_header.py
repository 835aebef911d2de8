"""Is this a sound safetensors file? Decided from its header alone; no tensor is made (format:
huggingface/safetensors, README).
"""

from __future__ import annotations

import json
import math
from typing import Annotated

import msgspec

_BITS = {
    "BOOL": 8,
    "U8": 8,
    "I8": 8,
    "F8_E5M2": 8,
    "F8_E4M3": 8,
    "I16": 16,
    "U16": 16,
    "F16": 16,
    "BF16": 16,
}
_BITS |= {"I32": 32, "U32": 32, "F32": 32, "F64": 64, "I64": 64, "U64": 64, "C64": 64}
_MAX_STRIDE = 2**48
"""Of a shape with a zero in it, which takes no bytes: torch raises where its strides overflow."""
_Size = Annotated[int, msgspec.Meta(ge=0, le=2**48)]


class _Tensor(msgspec.Struct, forbid_unknown_fields=True):
    dtype: str
    shape: Annotated[list[_Size], msgspec.Meta(max_length=16)]
    data_offsets: tuple[_Size, _Size]


def problem_of(data: bytes, max_header_bytes: int = 2**20) -> str | None:
    """What is wrong with `data` as a safetensors file, as the end of a sentence ("it ..."); None
    when it is sound.
    """
    if len(data) < 8:
        return "is too short to be a safetensors file"
    header_bytes = int.from_bytes(data[:8], "little")
    if header_bytes > min(max_header_bytes, len(data) - 8):
        return (
            "is not a safetensors file, or is cut off (its header is longer than the file or "
            "the limit)"
        )
    try:
        raw = msgspec.json.decode(data[8 : 8 + header_bytes], type=dict[str, msgspec.Raw])
        if "__metadata__" in raw:
            msgspec.json.decode(raw.pop("__metadata__"), type=dict[str, str])
        tensors = {name: msgspec.json.decode(value, type=_Tensor) for name, value in raw.items()}
        # a field that is there twice is one thing to us and another, or an error, to a reader
        pairs = [json.loads(bytes(value), object_pairs_hook=list) for value in raw.values()]
        if any(len(fields) != len(_Tensor.__struct_fields__) for fields in pairs):
            return "has a safetensors header that names a field twice"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "has a safetensors header that cannot be read"
    return _problem_of_layout(tensors, len(data) - 8 - header_bytes)


def _problem_of_layout(tensors: dict[str, _Tensor], buffer_bytes: int) -> str | None:
    """The tensors must fill the buffer one after another, each with the bytes that its
    shape needs.
    """
    position = 0
    for tensor in sorted(tensors.values(), key=lambda tensor: tensor.data_offsets):
        begin, end = tensor.data_offsets
        if tensor.dtype not in _BITS:
            return "has a tensor of an unknown type"
        if math.prod(size or 1 for size in tensor.shape) > _MAX_STRIDE:
            return "has a tensor whose shape is too large"
        if begin != position or end < begin or end > buffer_bytes:
            return "has a tensor that is outside of the file or overlaps another tensor"
        if 8 * (end - begin) != math.prod(tensor.shape) * _BITS[tensor.dtype]:
            return "has a tensor whose size does not fit its shape"
        position = end
    return None if position == buffer_bytes else "has bytes that belong to no tensor"
