"""Whether what was released is what the text gives: a class is not graded on anything else."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.assignment import Assignment, load
from autograder.course.regions import MARK_SCHEME, SOLUTION, Split, split
from autograder.course.released import release_file
from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode


def check_released(slug: str, root: Path) -> None:
    """Raise CourseError when `release/<slug>` or `source/<slug>` is not what assignment.toml and
    the text give: students then have other questions than the grader.

    Nothing is built but the instructor's notebooks, in memory. A course without the text (a copy
    made for grading alone) is held against its assignment.toml only.
    """
    assignment = load(slug, root)
    released = {name: _read(release_file(root, slug, name)) for name in assignment.notebooks}
    _check_questions(assignment, root, released)
    folder = root / "assignments" / slug
    if any((folder / f"{assignment.notebooks[0]}{suffix}").is_file() for suffix in (".py", ".md")):
        _check_text(assignment, root, released)


def problem_with_release(slug: str, root: Path) -> str:
    """What `check_released` raises, as a sentence; empty if there is nothing to say."""
    try:
        check_released(slug, root)
    except CourseError as error:
        return error.message
    return ""


def _read(file: Path) -> NotebookNode:
    import nbformat

    try:
        return nbformat.read(file, as_version=4)
    except Exception as error:
        raise CourseError(
            f"{file} cannot be read: {error}. Run `autograder release {file.parent.name}`"
        ) from error


def _check_questions(assignment: Assignment, root: Path, released: dict[str, NotebookNode]) -> None:
    """Every question has its cell in the release, worth its points."""
    for name, question in assignment.questions.items():
        cell = f"test_{name}" if question.autograded else name
        marks = {
            each.metadata.get("nbgrader", {}).get("grade_id"): each.metadata.nbgrader
            for each in released[question.notebook].cells
            if "nbgrader" in each.metadata
        }
        file = root / "release" / assignment.slug / f"{question.notebook}.ipynb"
        if cell not in marks:
            raise CourseError(
                f"{file} does not have question {name} of assignment.toml: it was not released, "
                f"and would cost every student its points. Run `autograder release "
                f"{assignment.slug}`"
            )
        points = 0 if question.bonus else question.points
        if marks[cell].get("points") != points:
            raise CourseError(
                f"{file} gives question {name} {marks[cell].get('points')} points, assignment.toml "
                f"gives it {points:g}. Run `autograder release {assignment.slug}`"
            )


def _check_text(assignment: Assignment, root: Path, released: dict[str, NotebookNode]) -> None:
    from autograder.release.build import build

    slug = assignment.slug
    for name, built in build(assignment, root / "assignments" / slug).items():
        for folder, there, whole in (
            ("source", _read(root / "source" / slug / f"{name}.ipynb"), True),
            ("release", released[name], False),
        ):
            file = root / folder / slug / f"{name}.ipynb"
            wanted, found = (_cells(each, whole=whole) for each in (built, there))
            if wanted == found:
                continue
            pairs = zip_longest(wanted, found)
            cell = next((here or other)[0] for here, other in pairs if here != other)
            raise CourseError(
                f"{file} is not what assignments/{slug} gives (cell {cell}). Run `autograder "
                f"release {slug}` and commit it, or take back the change of the text"
            )


def _cells(notebook: NotebookNode, *, whole: bool) -> list[tuple[Any, ...]]:
    """Of each cell its grade_id, its text (`whole`; without the lines of markers and hidden tests,
    which no author writes) and what nbgrader knows of it.
    """
    found = []
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        facts = [mark.get(key) for key in ("grade", "solution", "locked", "points")]
        parts = split(cell.source) if whole else Split([])
        text = (parts.visible, parts.of(SOLUTION), parts.of(MARK_SCHEME))
        found.append((mark.get("grade_id", ""), cell.cell_type, text, *facts))
    return found
