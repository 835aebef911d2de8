"""The notebooks that a course has built: its own release, and the source with the answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode


def release_file(root: Path, slug: str, name: str) -> Path:
    """Where the course's own release of a notebook is. Raises CourseError when it was not built."""
    return _built(root / "release" / slug / f"{name}.ipynb", slug)


@cache
def release_notebook(root: Path, slug: str, name: str) -> NotebookNode:
    """The course's own release of a notebook. Raises CourseError when it was not built."""
    import nbformat

    return nbformat.read(release_file(root, slug, name), as_version=4)


@cache
def source_notebook(root: Path, slug: str, name: str) -> NotebookNode:
    """The notebook with its answers and mark schemes. Raises CourseError when it was not built."""
    import nbformat

    return nbformat.read(_built(root / "source" / slug / f"{name}.ipynb", slug), as_version=4)


def _built(file: Path, slug: str) -> Path:
    if not file.is_file():
        raise CourseError(f"{file} is missing: run `autograder release {slug}` first")
    return file
