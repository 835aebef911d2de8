"""What a cell says without running it. The rules are those of the program that students hand in with."""

from __future__ import annotations

from dgm.handin.blankness import (
    MAX_PARSED_CHARS,
    defined_names,
    is_blank_code,
    is_blank_text,
    normal,
    parsed,
    same_source,
    target_names,
)
from dgm.handin.cell_rules import without_marker

__all__ = [
    "MAX_PARSED_CHARS",
    "defined_names",
    "is_blank_code",
    "is_blank_text",
    "normal",
    "parsed",
    "same_source",
    "target_names",
    "without_marker",
]
