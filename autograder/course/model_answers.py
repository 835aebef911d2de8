"""The model answers of an assignment, as its built source has them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.errors import CourseError


@cache
def model_answers(root: Path, slug: str, notebook: str) -> dict[str, str]:
    """The code answers of a notebook, with their markers, by question. Raises CourseError when the
    assignment was not built.
    """
    import nbformat

    file = root / "source" / slug / f"{notebook}.ipynb"
    if not file.is_file():
        raise CourseError(f"{file} is missing: run `autograder release {slug}` first")
    cells = nbformat.read(file, as_version=4).cells
    return {grade_id_of(cell): cell.source for cell in cells if kind_of(cell) == "answer"}
