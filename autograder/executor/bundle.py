"""What a machine needs to grade with this course, as one zip: the grader, its suites, the released
notebooks, `dgm` and the data.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.course.assignment import suites_folder
from autograder.errors import CourseError

MAX_BYTES = 256 * 2**20
NOT_NEEDED = frozenset({"__pycache__", "answers.py", "equivalent.toml"})
"""What no grading reads: compiled files, and what only the audit needs."""
APART = frozenset({"suites", "skeleton"})
"""Folders of the grader that are not its code: the suites are the course's, and nobody grades the
skeleton of a new course."""


def make(root: Path) -> bytes:
    """The zip of the grader that runs here and of the course at `root`. Raises CourseError when it
    is too large to be sent around.
    """
    files = members(root)
    sizes = {name: file.stat().st_size for name, file in files.items()}
    if sum(sizes.values()) > MAX_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        raise CourseError(
            f"the course is too large to send to a cluster ({sum(sizes.values()) / 2**20:.0f} "
            f"MiB, at most {MAX_BYTES / 2**20:.0f}): "
            f"move {files[largest]} ({sizes[largest] / 2**20:.0f} MiB) out of the course's folders"
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def members(root: Path) -> dict[str, Path]:
    """Each file of the bundle by its name in there, sorted."""
    package = Path(__file__).resolve().parent.parent
    machinery = [
        file for file in _files(package) if file.relative_to(package).parts[0] not in APART
    ]
    files = {
        f"autograder/{file.relative_to(package).as_posix()}": file
        for file in [*machinery, package / "suites" / "__init__.py"]
    }
    course = [
        *_files(suites_folder(root)),
        *_files(root / "assignments" / "dgm"),
        *_files(root / "release"),
        *_files(root / "data"),
    ]
    course += [
        *(root / "assignments").glob("*/assignment.toml"),
        root / "assignments" / "syllabus.toml",
    ]
    files |= {file.relative_to(root).as_posix(): file for file in course if file.is_file()}
    return dict(sorted(files.items()))


def digest_of(root: Path) -> str:
    """SHA-256 over names and contents of what is (or would be) bundled: of the grader that is
    running, wherever it came from.
    """
    digest = hashlib.sha256()
    for name, file in members(root).items():
        digest.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        parts = file.relative_to(folder).parts
        if file.is_file() and not any(part in NOT_NEEDED or part.startswith(".") for part in parts):
            yield file
