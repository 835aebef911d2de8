"""Pictures of a stranger, checked by their first bytes and their size before Typst decodes them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dgm.handin.cell_rules import joined

from autograder.align.svg import size_of, svg_problem, without_doctype
from autograder.publish.pdf.typst_text import string, visible

MAX_BYTES = 8 * 2**20
MAX_ALL_BYTES = 96 * 2**20
MAX_PIXELS = 40_000_000
MAX_ALL_PIXELS = 300_000_000
MAX_PICTURES = 300
MAX_SVG_BYTES = 2**20
POINTS_A_PIXEL = 0.75
KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg+xml": "svg"}
"""In the order in which one of several is taken."""

_SVG_SIZE = re.compile(r"<svg\b[^>]*?\bwidth\s*=\s*[\"']\s*([0-9.]+)\s*(pt|px|)", re.IGNORECASE)


@dataclass
class Pictures:
    """The pictures of one document, written into the folder that Typst may read.

    `problem`: why the newest one could not be shown.
    """

    folder: Path
    with_svg: bool = True
    n_bytes: int = 0
    n_pixels: int = 0
    count: int = 0
    problem: str = ""

    def call(self, data: Mapping[Any, Any], alt: str = "", *, small: bool = False) -> str:
        """A Typst call that shows the best picture of a MIME bundle; empty where there is none that
        can be shown (`problem` says why, or is empty where the bundle has no picture).
        """
        self.problem = ""
        for mime, suffix in KINDS.items():
            content = joined(data.get(mime))
            if content is None:
                continue
            raw = _svg(content) if suffix == "svg" else _decoded(content)
            if raw is None:
                self.problem = "it is not base64"
                continue
            points = self._points(raw, suffix)
            if points is None:
                continue
            name = self._kept(raw, suffix, self._pixels(raw, suffix))
            if name:
                said = string(visible(alt[:300]) or "A picture")
                function = "small_picture" if small else "wide_picture"
                return f'#{function}("/{name}", {points:.1f}, alt: {said});'
        return ""

    def of_data_uri(self, source: str, alt: str) -> str:
        match = re.match(r"data:(image/[a-z+]+);base64,([A-Za-z0-9+/=\s]+)\Z", source)
        if not match:
            self.problem = "it is not a picture in base64"
            return ""
        content: str | None = match[2]
        if match[1] == "image/svg+xml":
            raw = _decoded(match[2])
            content = raw.decode("utf-8", "replace") if raw else None
        return self.call({match[1]: content}, alt, small=True)

    def _points(self, raw: bytes, suffix: str) -> float | None:
        """How wide it is shown; None, with `problem`, where it is not."""
        limit = MAX_SVG_BYTES if suffix == "svg" else MAX_BYTES
        if len(raw) > limit:
            self.problem = f"it has {len(raw) / 2**20:.1f} MB; the limit is {limit / 2**20:g} MB"
            return None
        if suffix == "svg":
            return self._svg_points(raw.decode("utf-8", "replace"))
        size = size_of(raw, suffix)
        if size is None:
            self.problem = f"it is not a {suffix.upper()} picture, or is damaged"
        elif size[0] * size[1] > MAX_PIXELS:
            self.problem = f"it has {size[0]} x {size[1]} pixels; the limit is {MAX_PIXELS:,}"
        else:
            return size[0] * POINTS_A_PIXEL
        return None

    def _svg_points(self, text: str) -> float | None:
        if not self.with_svg:
            self.problem = "SVG is left out here"
        elif "<svg" not in text[:5000]:
            self.problem = "it is not an SVG picture"
        elif problem := svg_problem(text):
            self.problem = problem
        else:
            match = _SVG_SIZE.search(text[:20000])
            wide = float(match[1]) if match and re.fullmatch(r"\d+\.?\d*", match[1]) else 0.0
            unit = 1.0 if match and match[2] == "pt" else POINTS_A_PIXEL
            return max(20.0, min(wide * unit, 2000.0)) if wide else 420.0
        return None

    def _kept(self, raw: bytes, suffix: str, n_pixels: int) -> str:
        too_much = self.n_bytes + len(raw) > MAX_ALL_BYTES
        too_much = too_much or self.n_pixels + n_pixels > MAX_ALL_PIXELS
        if too_much or self.count >= MAX_PICTURES:
            self.problem = f"only the first {self.count} pictures are shown"
            return ""
        name = f"picture-{self.count}.{suffix}"
        (self.folder / name).write_bytes(raw)
        self.count += 1
        self.n_bytes += len(raw)
        self.n_pixels += n_pixels
        return name

    def _pixels(self, raw: bytes, suffix: str) -> int:
        wide, high = size_of(raw, suffix) or (0, 0) if suffix != "svg" else (0, 0)
        return wide * high


def _svg(text: str) -> bytes:
    return without_doctype(text).encode("utf-8", "replace")


def _decoded(text: str) -> bytes | None:
    if len(text) > 2 * MAX_BYTES:
        return b"\0" * (MAX_BYTES + 1)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
