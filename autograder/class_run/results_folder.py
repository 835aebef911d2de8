"""The results folder of a class: a report for each file, with the notebooks that the gradebook
needs beside it; one run at a time.

`results/<slug>/<file without .zip>/report.json` is written last and whole. So a report that is
there says that its submission is done, and its notebooks can be recorded without running anything.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.atomic_write import TEMPORARY, write_atomically
from autograder.errors import AutograderError, UsageError
from autograder.grading.grade import Graded
from autograder.intake.found_file import FoundFile, as_found
from autograder.intake.roster import Roster, read_roster
from autograder.intake.untrusted_text import shown, utf8
from autograder.report import Report, read, to_json

if TYPE_CHECKING:
    from autograder.class_run.class_results import StudentResult

LOCK = ".autograder-lock"
REPORT = "report.json"
ROSTER = "roster.csv"
OURS = {"csv", "class.json", "changes.jsonl", ROSTER}
"""What else is in `results/<slug>`: a file of that name has its report elsewhere."""


def labels(files: Sequence[Path | FoundFile]) -> list[str]:
    """A folder name for each file's report: its label, numbered where an earlier file has
    the same.
    """
    taken: dict[str, str] = {}
    for file in files:
        # `...zip` has the stem `..`, and what else is in the folder must not be in a report's way.
        stem = as_found(file).label  # `class.json` names the folder
        if stem.casefold() in OURS or not stem.strip("."):
            stem = f"_{stem.strip('.')}"
        label, number = stem, 1
        while label.casefold() in taken:
            number += 1
            label = f"{stem}~{number}"
        taken[label.casefold()] = label
    return list(taken.values())


def folder_of(out: Path, slug: str, label: str) -> Path:
    return out / "results" / slug / label


def all_reports(
    out: Path, slug: str, known: Mapping[str, Report]
) -> tuple[dict[str, Report], dict[str, str]]:
    """By folder, every report of an assignment, and why those that cannot be read cannot be.

    known: the reports of this run, by folder; they are not read again.
    """
    found, unread = dict(known), {}
    for file in sorted((out / "results" / slug).glob(f"*/{REPORT}")):
        name = utf8(file.parent.name)
        if name not in found:
            try:
                found[name] = read(file)
            except (OSError, msgspec.MsgspecError) as error:
                unread[name] = str(error)
    return found, unread


def keep_roster(out: Path, slug: str, roster: Path | None) -> Roster | None:
    """The roster of an assignment: the one given, which is kept in the results folder, or the kept.

    Raises AutograderError that names the file when it cannot be read; UsageError when it was given.
    """
    kept = folder_of(out, slug, ROSTER)
    file = roster or kept
    if roster is None and not kept.is_file():
        return None
    try:
        data = file.read_bytes()
        found = read_roster(data, file)
    except OSError as error:
        message = f"{file}: cannot be read ({error.strerror}). Give another --roster"
        raise (UsageError if roster else AutograderError)(message) from error
    except AutograderError as error:
        if roster is None:
            raise
        raise UsageError(error.message) from error
    if roster is not None:
        write_atomically(kept, data)
    return found


def save(folder: Path, graded: Graded) -> None:
    """Write the notebooks, then the report that vouches for them."""
    for old in folder.glob("*.ipynb"):
        if old.stem not in graded.notebooks:
            old.unlink()
    for name, text in graded.notebooks.items():
        write_atomically(folder / f"{name}.ipynb", text.encode())
    write_atomically(folder / REPORT, to_json(graded.report))


class KeptNotebooks(Mapping[str, dict[str, Any]]):
    """The notebooks beside a report, read when asked for: a class is never in memory at once. A
    stranger's text: never executed.
    """

    def __init__(
        self, folder: Path, report: Report, places: Mapping[str, Path] | None = None
    ) -> None:
        """places: by notebook, the folders of those that lie elsewhere."""
        self._folder, self._places = folder, places or {}
        self._digests = report.notebooks

    def file(self, name: str) -> Path:
        return self._places.get(name, self._folder) / f"{name}.ipynb"

    def __getitem__(self, name: str) -> dict[str, Any]:
        from autograder.align.notebook_json import from_text

        if name not in self._digests:
            raise KeyError(name)
        return from_text(self.file(name).read_text(encoding="utf-8"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)

    def intact(self) -> bool:
        """Is every notebook there, as it was when the report was written?"""
        return all(self._digest(name) == digest for name, digest in self._digests.items())

    def _digest(self, name: str) -> str:
        try:
            return hashlib.sha256(self.file(name).read_bytes()).hexdigest()
        except OSError:
            return ""


def kept_notebooks(folder: Path, student: StudentResult, report: Report) -> KeptNotebooks:
    """The notebooks of what counts for a student. folder: `results/<slug>`; report: the one that
    `counted_report` gives.
    """
    places = {name: folder / one.folder for one in student.parts.values() for name in one.notebooks}
    return KeptNotebooks(folder / student.folder, report, places)


@contextlib.contextmanager
def locked(out: Path) -> Iterator[datetime]:
    """Keep every other run away from `out`. Gives the time from which this run's changes count: of
    a run that was interrupted, its start.

    The kernel lets go of the lock when the process ends, however it does.
    Raises AutograderError when another run has it, UsageError when `out` cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o640)
    except OSError as error:
        raise UsageError(
            f"{shown(out)} cannot be written to: {error.strerror}. Choose another --out"
        ) from error
    with open(handle, "r+", encoding="ascii", errors="replace") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AutograderError(
                f"another run is writing to {out.resolve()}: wait until it has ended, or choose "
                "another --out"
            ) from None
        since = _interrupted(stream.read()) or datetime.now(UTC)
        _write(stream.fileno(), since.isoformat())
        yield since
        _write(stream.fileno(), "")  # not after an error: the next run goes on from here


def _interrupted(text: str) -> datetime | None:
    """When the last run began, if it did not come to its end."""
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except ValueError:
        return None


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode("ascii"), 0)


def remove_leftovers(out: Path) -> None:
    """Remove the half-written files of a killed run: by their ending they are ours. Only while
    `out` is locked.
    """
    for place in (
        out.glob(f".*{TEMPORARY}*"),
        *((out / name).rglob(f".*{TEMPORARY}") for name in ("results", "submitted", "autograded")),
    ):
        for file in place:
            with contextlib.suppress(OSError):
                file.unlink()
