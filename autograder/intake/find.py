"""Files that may be submissions: found, and their bytes read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.errors import AutograderError, RejectedSubmission, UsageError
from autograder.intake.archive import IntakeLimits
from autograder.intake.untrusted_text import in_words, listing, shown


def find_submissions(paths: Sequence[Path]) -> list[Path]:
    """The files named, and the zips that lie in the folders named (not in their subfolders);
    sorted, each once.

    Raises UsageError when a path does not exist or a folder has no zip.
    """
    found: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            zips = [file for file in _listed(path) if _is_submission(file)]
            if not zips:
                others = listing([file.name for file in left_out([path])])
                raise UsageError(
                    f"there is no zip file in {shown(path)}"
                    + (f" (it has {others})" if others else "")
                )
            found.update(zips)
        elif path.is_file():
            found.add(path)
        else:
            raise UsageError(f"there is no file or folder {shown(path)}")
    once = {file.resolve(): file for file in sorted(found, reverse=True)}
    return sorted(once.values())


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{shown(folder)} cannot be read: {error.strerror}") from error


def left_out(paths: Sequence[Path]) -> list[Path]:
    """What find_submissions leaves aside in the folders named: a RAR or an unpacked folder that
    somebody should know of.
    """
    folders = [path for path in map(Path, paths) if path.is_dir()]
    return sorted(
        file
        for folder in folders
        for file in folder.iterdir()
        if not _is_submission(file) and not file.name.startswith(".")
    )


def _is_submission(file: Path) -> bool:
    return file.suffix.lower() == ".zip" and not file.name.startswith(".") and file.is_file()


def read_file(path: Path, limits: IntakeLimits | None = None) -> bytes:
    """The bytes of an archive. Raises RejectedSubmission when it is over the limit, AutograderError
    when it cannot be read.
    """
    limits = limits or IntakeLimits()
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.archive_bytes + 1)
            if len(data) > limits.archive_bytes:
                raise RejectedSubmission(
                    f"The archive is larger than the limit of {in_words(limits.archive_bytes)}: "
                    "leave data sets out."
                )
    except OSError as error:
        raise AutograderError(
            f"{shown(path)} cannot be read: {error.strerror}", detail=repr(error)
        ) from error
    return data
