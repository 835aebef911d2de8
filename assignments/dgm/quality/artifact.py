"""Tensors out of a file that a stranger wrote: safetensors alone, its header checked before anything is allocated.

The format: 8 bytes with the header's length, the header (JSON: name -> dtype, shape, data_offsets),
the tensors' bytes (huggingface/safetensors, README).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from dgm.quality.metrics import MAX_BYTES, Wanted

MAX_HEADER_BYTES = 64 * 2**10
DTYPES = {
    "U8": torch.uint8,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F32": torch.float32,
    "F64": torch.float64,
}
SHOWN_NAMES = 4


class ArtifactError(ValueError):
    """The file is not what was asked for. Its text goes on after the file's name: "holds ..."."""


def read_tensors(data: bytes, wanted: Mapping[str, Wanted]) -> dict[str, Tensor]:
    """The wanted tensors, in their own dtypes, all of them finite.

    The file must hold exactly these, one after another, and nothing else. Raises ArtifactError.
    """
    if len(data) > MAX_BYTES:
        raise ArtifactError(f"is larger than {MAX_BYTES // 2**20} MiB")
    header, start = _header(data)
    if set(header) != set(wanted):
        raise ArtifactError(f"holds {_names(header)}; it must hold {_names(wanted)} and no more")
    places = {name: _place(name, header[name], one) for name, one in wanted.items()}
    end = 0
    for begin, stop in sorted(places.values()):
        if begin != end:
            raise ArtifactError("is damaged: its tensors overlap, or leave gaps")
        end = stop
    if start + end != len(data):
        raise ArtifactError("is damaged: its tensors do not fill it, or are cut off")
    tensors = {}
    for name, (begin, stop) in places.items():
        raw = bytearray(data[start + begin : start + stop])
        dtype = DTYPES[header[name]["dtype"]]
        tensors[name] = torch.frombuffer(raw, dtype=dtype).reshape(wanted[name].shape)
        if not torch.isfinite(tensors[name]).all():
            raise ArtifactError(f"has values in {name} that are not finite (nan or infinity)")
    return tensors


def _header(data: bytes) -> tuple[dict[str, Any], int]:
    """The header without its metadata, and where the tensors' bytes begin."""
    n_bytes = int.from_bytes(data[:8], "little")
    if len(data) < 8 or n_bytes > min(MAX_HEADER_BYTES, len(data) - 8):
        raise ArtifactError("is not a safetensors file, or is cut off")
    try:
        header = json.loads(data[8 : 8 + n_bytes].decode("utf-8"))
    except (ValueError, RecursionError):
        raise ArtifactError("is not a safetensors file: its header cannot be read") from None
    if not isinstance(header, dict):
        raise ArtifactError("is not a safetensors file: its header cannot be read")
    header.pop("__metadata__", None)
    return header, 8 + n_bytes


def _place(name: str, entry: Any, wanted: Wanted) -> tuple[int, int]:
    """Where a tensor's bytes begin and end, once type, shape and size are what was asked for."""
    try:
        dtype, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    except (KeyError, TypeError, ValueError):
        raise ArtifactError(f"has no sound entry for {name} in its header") from None
    if not isinstance(dtype, str) or dtype not in wanted.dtypes:
        shown = dtype[:12] if isinstance(dtype, str) else "nothing"
        raise ArtifactError(
            f"has {name} of type {shown!r}; it must be one of {', '.join(wanted.dtypes)}"
        )
    if not _whole(shape) or tuple(shape) != wanted.shape:
        raise ArtifactError(f"has {name} of shape {_shape(shape)}; it must be {wanted.shape}")
    n_bytes = math.prod(wanted.shape) * DTYPES[dtype].itemsize
    if not _whole([begin, end]) or begin < 0 or end - begin != n_bytes:
        raise ArtifactError(f"is damaged: the size of {name} does not fit its shape")
    return begin, end


def _whole(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int for value in values)


def _shape(shape: Any) -> str:
    if not _whole(shape) or len(shape) > 8:
        return "unknown"
    return f"({', '.join(str(size)[:12] for size in shape)}{',' if len(shape) == 1 else ''})"


def _names(names: Mapping[str, Any]) -> str:
    """Names of tensors for a sentence: a stranger's are cut and quoted."""
    shown = [ascii(name[:40])[1:-1] for name in list(names)[:SHOWN_NAMES]]
    if len(names) > SHOWN_NAMES:
        shown.append(f"{len(names) - SHOWN_NAMES} more")
    return f"the tensors {', '.join(shown)}" if shown else "no tensors"
