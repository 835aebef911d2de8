"""SVG, PDF and GIF as PNG, so that the person who grades sees them: an SVG may run scripts in the
page, and browsers show no PDF in an image.

A picture is opened in a process of its own with limits on time and memory (rasterise_worker.py).
"""

from __future__ import annotations

import base64
import binascii
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from dgm.handin.cell_rules import joined

from autograder.align.svg import svg_problem, without_doctype

WORKER = Path(__file__).with_name("rasterise_worker.py")
KINDS = {"image/svg+xml": "svg", "application/pdf": "pdf", "image/gif": "gif"}
STARTS = {"pdf": b"%PDF-", "gif": b"GIF8"}
WAIT_S = 30
"""By the clock; the worker has 10 s of CPU."""
MAX_BYTES = 2 * 2**20
MAX_PICTURES = 20
MAX_CPU_S = 20.0
"""Of a notebook."""
PNG = b"\x89PNG\r\n\x1a\n"


class Rasteriser:
    """Makes the pictures of one notebook, and gives up after `MAX_PICTURES` or `MAX_CPU_S`."""

    def __init__(self, left: int = MAX_PICTURES, cpu_left_s: float = MAX_CPU_S) -> None:
        self.left, self.cpu_left_s = left, cpu_left_s

    def png(self, data: dict[Any, Any]) -> str:
        """The first picture of a MIME bundle that can be shown as a PNG, in base64; else empty."""
        for mime, kind in KINDS.items():
            raw = _raw(kind, joined(data.get(mime)))
            if raw and self.left > 0 and self.cpu_left_s > 0:
                self.left -= 1
                before = _children_s()
                made = _run(kind, raw)
                self.cpu_left_s -= _children_s() - before
                if made:
                    return base64.b64encode(made).decode()
        return ""


def _raw(kind: str, text: str | None) -> bytes:
    """The bytes of the picture, empty if they are too many or not of its kind."""
    if not text or len(text) > 2 * MAX_BYTES:
        return b""
    if kind == "svg" and "<svg" in text[:5000]:
        raw = text.encode("utf-8", "replace")
    else:  # also an SVG that is attached
        try:
            raw = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            return b""
    if kind == "svg":
        drawn = without_doctype(raw.decode("utf-8", "replace"))
        sound = "<svg" in drawn[:5000] and len(raw) <= MAX_BYTES and not svg_problem(drawn)
        return drawn.encode("utf-8", "replace") if sound else b""
    return raw if raw.startswith(STARTS[kind]) and len(raw) <= MAX_BYTES else b""


def _children_s() -> float:
    """CPU seconds of the processes that this one has started and that are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(kind: str, raw: bytes) -> bytes:
    line = [sys.executable, "-I", str(WORKER), kind]
    try:
        done = subprocess.run(line, input=raw, capture_output=True, timeout=WAIT_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout if done.returncode == 0 and done.stdout.startswith(PNG) else b""
