"""Notebooks that we have made or checked, to text and back. nbformat would check and copy them again, and indent: a tenth of a second."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.intake.text import utf8


def to_text(notebook: Mapping[str, Any]) -> str:
    """A valid notebook as one line of JSON, which nbformat reads."""
    return utf8(json.dumps(notebook, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def from_text(text: str) -> dict[str, Any]:
    """What `to_text` wrote. For a stranger's text: `align.untrusted_notebook`."""
    made: dict[str, Any] = json.loads(text)
    return made
