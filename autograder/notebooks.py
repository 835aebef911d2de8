"""Notebooks that we have made or checked, to text and back. nbformat would check and copy them again, and indent: a tenth of a second."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from autograder.intake.text import utf8

if TYPE_CHECKING:
    from nbformat import NotebookNode


def to_text(notebook: NotebookNode) -> str:
    """A valid notebook as one line of JSON, which nbformat reads."""
    return utf8(json.dumps(notebook, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def from_text(text: str) -> NotebookNode:
    """What `to_text` wrote. For a stranger's text: `align.untrusted_notebook`."""
    from nbformat import from_dict

    made: NotebookNode = from_dict(json.loads(text))
    return made
