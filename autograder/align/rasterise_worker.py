"""The process that turns a stranger's picture into a PNG: started by its file name, with a picture
on stdin and the PNG on stdout. It imports nothing of ours, and what a picture makes of it ends with
it.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
from pathlib import Path

CPU_S = 10
MEMORY_BYTES = 3 * 2**30
"""Of address space: typst's threads reserve much and use little."""
FILE_BYTES = 32 * 2**20
MAX_SIDE = 4096
"""Pixels of a GIF, each way."""

PAGE = """
#set page(width: auto, height: auto, margin: 0pt)
#context {
  let size = measure(image("NAME"))
  let share = calc.min(1, 480pt / size.width, 480pt / size.height)
  image("NAME", width: size.width * share)
}
"""
"""At most 960 pixels wide and high; typst reads no file outside of its root, and no network."""


def main(kind: str) -> None:
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    data = sys.stdin.buffer.read()
    sys.stdout.buffer.write(_first_frame(data) if kind == "gif" else _typeset(kind, data))


def _first_frame(data: bytes) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=["GIF"]) as picture:
        if max(picture.size) > MAX_SIDE:
            raise SystemExit(1)
        picture.seek(0)
        made = io.BytesIO()
        picture.convert("RGBA").save(made, "PNG")
    return made.getvalue()


def _typeset(kind: str, data: bytes) -> bytes:
    """An SVG, or the first page of a PDF."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"picture.{kind}").write_bytes(data)
        page = Path(folder, "page.typ")
        page.write_text(PAGE.replace("NAME", f"picture.{kind}"), encoding="utf-8")
        made = typst.compile(str(page), root=folder, format="png", ppi=144)
    return made if isinstance(made, bytes) else made[0]


if __name__ == "__main__":
    main(sys.argv[1])
