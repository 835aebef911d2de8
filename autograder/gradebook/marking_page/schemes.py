"""Model answers and mark schemes of the cells that people mark, as the course's built source has
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.regions import MARK_SCHEME, SOLUTION, split


@dataclass(frozen=True)
class Scheme:
    """Of one cell: Markdown; code, if the cell is code."""

    answer: str
    scheme: str
    is_code: bool = False


def schemes_of(source: Path) -> dict[str, Scheme]:
    """By question, of a notebook in `source/<slug>/`; empty if there is no such file."""
    import nbformat

    if not source.is_file():
        return {}
    found = {}
    for cell in nbformat.read(source, as_version=4).cells:
        if kind_of(cell) == "analysis":
            parts = split(cell.source)
            answer, scheme = (
                "\n\n".join("\n".join(body) for body in parts.of(kind)).strip()
                for kind in (SOLUTION, MARK_SCHEME)
            )
            found[grade_id_of(cell)] = Scheme(answer, scheme, cell.cell_type == "code")
    return found
