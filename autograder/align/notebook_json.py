"""Notebooks that we have made or checked, to text and back. nbformat would check and copy them
again, and indent: a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


def to_text(notebook: Mapping[str, Any]) -> str:
    """A valid notebook as one line of JSON, which nbformat reads."""
    return msgspec.json.encode(notebook).decode()


def from_text(text: str) -> dict[str, Any]:
    """What `to_text` wrote. For a stranger's text: `align.untrusted_notebook`."""
    made: dict[str, Any] = msgspec.json.decode(text)
    return made
