"""The fonts: Typst's own, and Noto of the wheels manimgx-fonts and manimgx-fonts-cjk (OFL)."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WHEELS = ("manimgx_fonts", "manimgx_fonts_cjk")


def font_folders() -> list[Path]:
    """The folders of the font wheels that are installed; nothing of them is imported."""
    found = []
    for name in WHEELS:
        spec = find_spec(name)
        found += [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    return found


@cache
def fonts() -> Any:
    """`typst.Fonts`: with the wheels the same on every machine, without them also the machine's."""
    import typst

    folders = font_folders()
    complete = len(folders) == len(WHEELS)
    return typst.Fonts(include_system_fonts=not complete, font_paths=[str(one) for one in folders])
