"""A folder that a command makes, fills and may therefore replace; nobody else's is ever emptied."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.untrusted_text import shown


def check_replaceable(folder: Path, marker: str, verb: str) -> None:
    """Raise UsageError unless `folder` is absent, empty, or has the `marker` of an earlier run."""
    if not folder.exists() or (folder / marker).is_file():
        return
    if not folder.is_dir():
        raise UsageError(f"{shown(folder)} is not a folder: choose another one with --out")
    if any(folder.iterdir()):
        raise UsageError(
            f"{shown(folder)} is not empty and was not made by `autograder {verb}`, "
            "which would delete what is in it: choose a new folder with --out, or empty this one"
        )


def make_empty(folder: Path, marker: str) -> None:
    """Make the folder, with the marker alone in it. Only after `check_replaceable`.

    The marker is there from the first moment to the last: a run that is killed leaves a folder that
    the next one may replace.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{shown(folder)} cannot be made: {error.strerror}") from error
    (folder / marker).write_text("Made by autograder, which may replace this whole folder.\n")
    for place in folder.iterdir():
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif place.name != marker:
            place.unlink()
