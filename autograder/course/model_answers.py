"""The model answers of an assignment, as its built source has them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.released import source_notebook


@cache
def model_answers(root: Path, slug: str, notebook: str) -> dict[str, str]:
    """The code answers of a notebook, with their markers, by question. Raises CourseError when the
    assignment was not built.
    """
    cells = source_notebook(root, slug, notebook).cells
    return {grade_id_of(cell): cell.source for cell in cells if kind_of(cell) == "answer"}
