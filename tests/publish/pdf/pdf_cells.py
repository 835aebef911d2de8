"""Cells, pictures and notebooks for the PDF's tests."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

from autograder.course.assignment import Assignment, Question
from autograder.publish.pdf.document import Cell


def question(name: str, kind: str = "theory", notebook: str = "theory", **more: Any) -> Question:
    return Question(
        title=f"About {name}",
        notebook=notebook,
        kind=kind,  # type: ignore[arg-type]
        points=2.0,
        covers=[],
        name=name,
        **more,
    )


def assignment(*questions: Question) -> Assignment:
    return Assignment(slug="mini", title="Mini", questions={one.name: one for one in questions})


def text(source: str, kind: str = "analysis", name: str = "q", **more: Any) -> Cell:
    return Cell("theory", name, kind, "markdown", source, **more)  # type: ignore[arg-type]


def code(
    source: str, outputs: list[Any] | None = None, kind: str = "answer", name: str = "f"
) -> Cell:
    return Cell("lab", name, kind, "code", source, outputs or [])  # type: ignore[arg-type]


def png(wide: int, high: int, *, damaged: bool = False) -> str:
    """A grey PNG in base64; damaged: its header tells of pixels that are not there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"" if damaged else b"".join(b"\0" + b"\x80" * wide for _ in range(high))
    header = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def notebook(*cells: dict[str, Any]) -> bytes:
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    return json.dumps(made).encode()
