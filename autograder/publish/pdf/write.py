"""A PDF and its page map, written atomically."""

from __future__ import annotations

from pathlib import Path

import msgspec

from autograder.atomic_write import write_atomically
from autograder.publish.pdf.supervise import Pdf


def write_pdf(made: Pdf, out: Path) -> Path:
    """Write `<label>.pdf` and `<label>.pages.json` into `out`, those of zips and results into
    `out/<slug>`; returns the PDF's path.
    """
    folder = out / made.task.slug if made.task.kind in ("zip", "kept") else out
    file = folder / f"{made.task.label}.pdf"
    write_atomically(file, made.data)
    data = msgspec.json.format(msgspec.json.encode(made.page_map), indent=2)
    write_atomically(folder / f"{made.task.label}.pages.json", data)
    return file
