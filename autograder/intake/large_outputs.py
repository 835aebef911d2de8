"""Notebooks with outputs of many megabytes: the outputs go, the cells stay."""

from __future__ import annotations

from typing import Any

import msgspec
from dgm.handin.text_encoding import as_text

MAX_OUTPUT_BYTES = 2**20
"""Of one cell, in a notebook that is large."""


def without_large_outputs(data: bytes) -> tuple[bytes, int]:
    """The notebook without the outputs of cells that have more than MAX_OUTPUT_BYTES of them, and
    how many cells that were. What is not a notebook comes back as it is.
    """
    try:
        loaded: Any = msgspec.json.decode(as_text(data).encode("utf-8", "replace"))
        cells = loaded["cells"]
        n_cut = 0
        for cell in cells:
            outputs = cell.get("outputs")
            if outputs and len(msgspec.json.encode(outputs)) > MAX_OUTPUT_BYTES:
                text = "[outputs of more than 1 MB were left out]\n"
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
                n_cut += 1
        return (msgspec.json.encode(loaded), n_cut) if n_cut else (data, 0)
    except (
        msgspec.MsgspecError,
        UnicodeError,
        RecursionError,
        LookupError,
        TypeError,
        AttributeError,
    ):
        return data, 0
