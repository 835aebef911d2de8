"""The small course as fixtures: one to change, one that a module's tests only read."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini_course import Course, write_course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_course(tmp_path / "course")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course, released once for a module whose tests only read it."""
    from autograder.release.release import release

    course = write_course(tmp_path_factory.mktemp("released"))
    release("mini", course.root)
    return course
