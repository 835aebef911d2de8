"""`autograder init`: a small course that releases, grades and audits at once, to start from."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from autograder.errors import AutograderError, UsageError

SKELETON = Path(__file__).resolve().parent.parent / "skeleton"
EXECUTABLE = ".sh"
SKIPPED = shutil.ignore_patterns("__pycache__", ".*")


def make_course(folder: Path) -> list[Path]:
    """Copy the skeleton and the helper package `dgm` into a new or empty folder.

    Returns the files. Raises UsageError when there is anything in the folder, AutograderError when
    the installation lacks a part.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not an empty folder. Choose another one")
    helpers = importlib.util.find_spec("dgm")
    if helpers is None or helpers.origin is None or not SKELETON.is_dir():
        raise AutograderError(
            f"{SKELETON} or the package dgm is missing: install this project again"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from error
    shutil.copytree(SKELETON, folder, ignore=SKIPPED, dirs_exist_ok=True, copy_function=_copy)
    dgm = Path(helpers.origin).parent
    shutil.copytree(dgm, folder / "assignments" / "dgm", ignore=SKIPPED, copy_function=_copy)
    (folder / "gitignore").rename(folder / ".gitignore")  # wheels leave hidden files out
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _copy(source: str, target: str) -> None:
    """Contents without permissions: those of an installed package may be read-only."""
    shutil.copyfile(source, target)
    if target.endswith(EXECUTABLE):
        Path(target).chmod(0o755)
