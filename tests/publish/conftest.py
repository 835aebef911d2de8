"""A graded class for the tests of feedback and of grades for learning platforms."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from graded_class import GradedClass, make_graded_class


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Graded without a roster; nobody has marked anything."""
    made = make_graded_class(tmp_path_factory.mktemp("course"))
    made.grade()
    return made


@pytest.fixture
def graded(
    graded_once: GradedClass, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> GradedClass:
    """A copy of what was graded, to mark and to write to."""
    shutil.copytree(graded_once.out, tmp_path / "out")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(graded_once.root))
    return replace(graded_once, out=tmp_path / "out")
