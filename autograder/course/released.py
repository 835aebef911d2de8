"""The course's own release of a notebook."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode


def release_file(root: Path, slug: str, name: str) -> Path:
    """Where the course's own release of a notebook is. Raises CourseError when it was not built."""
    file = root / "release" / slug / f"{name}.ipynb"
    if not file.is_file():
        raise CourseError(f"{file} is missing: run `autograder release {slug}` first")
    return file


@cache
def release_notebook(root: Path, slug: str, name: str) -> NotebookNode:
    """The course's own release of a notebook. Raises CourseError when it was not built."""
    import nbformat

    return nbformat.read(release_file(root, slug, name), as_version=4)
