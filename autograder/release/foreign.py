"""What is in `source/<slug>` and `release/<slug>` besides the files that the build makes.

Files that an earlier build made (of a notebook that was since renamed or removed) go unasked, if
this is certain; everything else stays until somebody says so.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from autograder.atomic_write import TEMPORARY
from autograder.errors import UsageError
from autograder.intake.untrusted_text import shown

DESCRIPTION = "assignment.json"


def left_over(folder: Path, built: dict[str, bytes]) -> list[Path]:
    """Files in a built folder that the build does not make, without Jupyter's checkpoints."""
    found = [
        file
        for file in sorted(folder.rglob("*"))
        if (file.is_file() or file.is_symlink()) and ".ipynb_checkpoints" not in file.parts
    ]
    return [file for file in found if file.relative_to(folder).as_posix() not in built]


def remove_left_over(folders: dict[Path, dict[str, bytes]], *, remove_foreign: bool) -> None:
    """Remove what earlier builds left in `folders` (folder -> what the build makes there).

    Raises UsageError, before anything is removed, when a file is in them that no build made, unless
    it is to be removed as well.
    """
    found = [file for folder, built in folders.items() for file in left_over(folder, built)]
    foreign = [file for file in found if not _built_earlier(file, list(folders)[-1])]
    if foreign and not remove_foreign:
        raise UsageError(
            "these files are in built folders, but the build does not make them:\n"
            + "\n".join(f"  {shown(file)}" for file in foreign)
            + "\nNothing was written. Move what you want to keep to another folder (source "
            "text belongs in assignments/), or delete these files with `--remove-foreign`"
        )
    for file in found:
        file.unlink()


def _built_earlier(file: Path, release_dir: Path) -> bool:
    """Whether it is certain that an earlier build made this file, and that nobody changed it.

    A notebook is ours when the `assignment.json` of the last release lists it with exactly these
    cells. In release/ each cell must have the text that was released; in source/ only those of the
    course, because solutions and hidden lines are not in the release.
    """
    if file.name.startswith(".") and file.name.endswith(TEMPORARY):
        return True  # half-written, by a run that was killed
    if file.suffix != ".ipynb" or file.is_symlink():
        return False
    try:
        described = json.loads((release_dir / DESCRIPTION).read_bytes())
        expected = described["notebooks"][file.stem]["cells"]
        cells = json.loads(file.read_bytes())["cells"]
        return len(cells) == len(expected) and all(
            _same(cell, known, answers=file.parent == release_dir)
            for cell, known in zip(cells, expected, strict=True)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _same(cell: dict[str, Any], known: dict[str, Any], *, answers: bool) -> bool:
    mark = cell["metadata"]["nbgrader"]
    if mark["grade_id"] != known["id"] or cell.get("outputs"):
        return False
    if known["kind"] != "course" and not answers:
        return bool(mark["solution"]) == (known["kind"] != "check")
    text = "".join(cell["source"])
    return hashlib.sha256(text.encode()).hexdigest() == known["sha256"]
