"""What a cell of the course is, by the nbgrader metadata that the build gave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from autograder.course.points import CELL

CellKind = Literal["course", "answer", "analysis", "check", "train"]
"""answer: code that a student writes. analysis: text that a person marks. check: asserts, locked,
worth the points of its answer. train: code of the course that is not run for a grade. course:
everything else that is locked, the cell of a choice of questions included.
"""


def kind_of(cell: Mapping[str, Any]) -> CellKind:
    """The kind of a cell of a source or release notebook."""
    metadata = cell["metadata"]
    mark = metadata.get("nbgrader", {})
    if mark.get("solution"):
        return "analysis" if mark.get("grade") or cell["cell_type"] != "code" else "answer"
    if mark.get("grade") and not grade_id_of(cell).startswith(CELL):
        return "check"
    return "train" if "train" in metadata.get("tags", []) else "course"


def grade_id_of(cell: Mapping[str, Any]) -> str:
    """The name that the build gave a cell; of an answer its question's, of a check
    `test_<question>`.
    """
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
