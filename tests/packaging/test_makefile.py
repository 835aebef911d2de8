"""What `make demo` and `make test` count as a change: with git and in an unpacked archive."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "README.md",
    "autograder/cli.py",
    "autograder/build_kit.py",
    "tests/test_new.py",
}
MADE = {
    ".venv/bin/python",
    "build/tested",
    "dist/vae.zip",
    "autograder/__pycache__/cli.pyc",
    "dgm_course.egg-info/PKG-INFO",
    ".autograder-secret",
    "gradebook.db",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    for name in FILES | MADE:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def counted(checkout: Path) -> set[str]:
    """The files whose change `make` would notice."""
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    environment.pop("MAKEFLAGS", None)
    line = ["make", "-s", "--eval", "counted: ; @printf '%s\\n' $(FILES)", "counted"]
    told = subprocess.check_output(line, cwd=checkout, env=environment, text=True)
    return set(told.split()) - {"Makefile", ".gitignore"}


def test_outside_git_every_file_counts_but_what_is_made(checkout: Path) -> None:
    assert counted(checkout) == FILES


def test_with_git_new_files_count_as_well(checkout: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    subprocess.run(["git", "add", "README.md", "autograder/cli.py"], cwd=checkout, check=True)
    assert counted(checkout) == FILES


def test_a_file_that_was_deleted_is_not_waited_for(checkout: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    subprocess.run(["git", "add", "README.md", "autograder/cli.py"], cwd=checkout, check=True)
    (checkout / "README.md").unlink()
    assert counted(checkout) == FILES - {"README.md"}
