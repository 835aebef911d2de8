"""The command line in this process, and a course with nothing but an assignment's table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli.app import main

TOML = """
slug = "tiny"
title = "Tiny"

[questions.double]
title = "Twice"
notebook = "lab"
kind = "code"
points = 1
covers = []
"""


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one assignment that was never released; the working folder is in it."""
    folder = tmp_path / "course"
    (folder / "assignments" / "tiny").mkdir(parents=True)
    (folder / "assignments" / "syllabus.toml").touch()
    (folder / "assignments" / "tiny" / "assignment.toml").write_text(TOML)
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def status_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The exit status of `autograder` with these arguments; capsys has what it printed."""

    def run(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return code if isinstance(code, int) else 0

    return run
