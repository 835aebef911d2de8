"""Reports into nbgrader's gradebook, and the graded notebooks to where its formgrader looks for them.

The reports stay the source of truth for what was graded automatically; the gradebook is the source of truth for what people typed into
formgrader. So recording again renews the automatic scores and never touches a manual score or a comment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from autograder.align.notebook_json import to_text
from autograder.atomic_write import write_atomically
from autograder.course.assignment import Assignment, course_root
from autograder.gradebook.course import define, open_gradebook, write_config
from autograder.gradebook.memory import Memory, recall, remember, same_recording
from autograder.gradebook.scores import NewSubmission, recorded_scores, student_row, submission_row, write_scores
from autograder.intake.untrusted_text import SAFE_ID, clean
from autograder.report import Report

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

Notebooks = Mapping[str, Mapping[str, Any]]
"""By name without `.ipynb`, as `AlignedNotebook.to_notebook` made them: nothing in them is live."""


@dataclass
class Recorded:
    """What `record` did: ids of the students whose submission is in the gradebook, and a sentence for staff on each thing that is not."""

    students: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_skipped: int = 0
    """Students for whom an earlier recording had left everything as it should be."""
    n_failed: int = 0
    """Submissions that should be in the gradebook and are not, for a fault of ours (a lock, a full disk)."""


def record(
    gradebook_path: Path,
    root: Path,
    assignment: Assignment,
    graded: Iterable[tuple[Report, Notebooks]],
    *,
    course: Path | None = None,
    defined: dict[str, NotebookNode] | None = None,
) -> Recorded:
    """Write `graded` into the SQLite gradebook at `gradebook_path`, and the notebooks under `root/autograded/<student>/<slug>/`.

    graded: each report with the student's notebooks as alignment made them, safe to be shown, by name without `.ipynb`, best in a mapping
    that reads them when asked; an empty one leaves the notebooks of an earlier recording where they are. course: the checkout with
    `source/<slug>/` (default: `course_root()`). defined: what `define` gave for this gradebook, when it was called ahead.

    Of several graded submissions under one student id the last one counts. A rejected one makes the student known and no submission.
    What goes wrong with one submission is a note and stops no other one. Killed at any point and called again, it ends as if it had been
    called once; what is in place already is left as it is.
    Raises CourseError when `source/<slug>` is missing or has other cells than a gradebook that already holds submissions,
    AutograderError when the file is no gradebook.
    """
    root.mkdir(parents=True, exist_ok=True)
    course = course or course_root()
    notebooks = define(gradebook_path, assignment, course) if defined is None else defined
    write_config(root, gradebook_path, course)
    done = Recorded()
    with open_gradebook(gradebook_path) as gradebook:
        there = recorded_scores(gradebook, assignment.slug)
        recorder = _Recorder(gradebook, root, notebooks)
        for report, handed_in in _that_count(assignment, graded, done).values():
            try:
                if report.status == "rejected":
                    student_row(gradebook, report.student)
                    gradebook.db.commit()
                    continue
                if recorder.is_in_place(report, there.get(report.student.id)):
                    done.n_skipped += 1
                else:
                    done.notes += recorder.record(report, handed_in)
                done.students.append(report.student.id)
            except Exception as error:  # a locked database, a full disk: whatever it is, it is this submission's alone
                gradebook.db.rollback()
                done.n_failed += 1
                done.notes.append(f"{report.file}: not in the gradebook ({_brief(error)})")
    return done


def _that_count(assignment: Assignment, graded: Iterable[tuple[Report, Notebooks]], done: Recorded) -> dict[str, tuple[Report, Notebooks]]:
    """By student id, the report that counts, with its notebooks. Notes on those that do not."""
    counts: dict[str, tuple[Report, Notebooks]] = {}
    for report, notebooks in graded:
        student = report.student.id
        if report.assignment != assignment.slug:
            done.notes.append(f"{report.file}: a report on {report.assignment!r}, not on {assignment.slug!r}")
            continue
        if not SAFE_ID.match(student):  # it names a folder, and formgrader's pages show it without escaping
            done.notes.append(f"{report.file}: {student!r} cannot be a student id in the gradebook")
            continue
        earlier = counts[student][0] if student in counts else None
        if report.status == "rejected":
            done.notes.append(f"{report.file}: rejected, so it is no submission of student {student} in the gradebook")
            counts.setdefault(student, (report, notebooks))
            continue
        if earlier is not None and earlier.status != "rejected":
            done.notes.append(f"{report.file}: counts for student {student} in place of {earlier.file}, which came before it")
        counts[student] = (report, notebooks)
    return counts


class _Recorder:
    """Records one submission after another of one assignment."""

    def __init__(self, gradebook: Gradebook, root: Path, course: dict[str, NotebookNode]) -> None:
        from nbgrader.api import BaseCell

        self._gradebook = gradebook
        # Else each commit forgets the course's cells, and they are read again one by one for the next student: a third of the time.
        gradebook.db().expire_on_commit = False
        self._cells = gradebook.db.query(BaseCell).all()
        self._root = root
        self._course = course
        self._basis = _basis(course)

    def _folders(self, report: Report) -> tuple[Path, Path]:
        """Where the notebooks go, and where nbgrader has what was handed in."""
        place = Path(report.student.id) / report.assignment
        return self._root / "autograded" / place, self._root / "submitted" / place

    def is_in_place(self, report: Report, scores: str | None) -> bool:
        """Did a recording of this very report come to its end, and is all that it wrote still so? scores: what the database has."""
        autograded, submitted = self._folders(report)
        memory = recall(submitted)
        return (
            same_recording(memory, report, self._basis)
            and memory.scores == scores
            and memory.seen_timestamp == _text(submitted / "timestamp.txt")
            and all((autograded / f"{name}.ipynb").is_file() for name in memory.notebooks)
        )

    def record(self, report: Report, handed_in: Notebooks) -> list[str]:
        """One submission in one transaction, then its files. Returns what staff should know about it."""
        autograded, submitted = self._folders(report)
        texts, notes = self._for_formgrader(report, handed_in)
        for place in (autograded, submitted):  # before the commit: no row for a student who cannot have a folder
            place.mkdir(parents=True, exist_ok=True)
        memory = recall(submitted)
        time, ours = _timestamp(submitted / "timestamp.txt", memory, report)

        submission = submission_row(self._gradebook, report.assignment, student_row(self._gradebook, report.student))
        submission.timestamp = time
        extra_credit, problems = write_scores(submission, report, memory.given(), memory.sha256 != report.sha256)
        if isinstance(submission, NewSubmission):
            submission.insert(self._gradebook)
        remember(submitted, memory.before_commit(ours, extra_credit))
        self._gradebook.db.commit()

        if ours:
            write_atomically(submitted / "timestamp.txt", f"{ours}\n".encode())
        if texts:
            for name in self._course:
                if name in texts:
                    write_atomically(autograded / f"{name}.ipynb", texts[name])
                else:
                    (autograded / f"{name}.ipynb").unlink(missing_ok=True)  # of an earlier submission: not to be graded as part of this one
        scores = recorded_scores(self._gradebook, report.assignment, report.student.id)[report.student.id]
        seen = _text(submitted / "timestamp.txt")
        remember(
            submitted,
            Memory.of(report, self._basis, timestamp=ours, extra_credit=extra_credit, scores=scores, notebooks=list(texts), seen=seen),
        )
        return notes + problems

    def _for_formgrader(self, report: Report, handed_in: Notebooks) -> tuple[dict[str, bytes], list[str]]:
        """The notebooks with the course's metadata, whose checksums formgrader and feedback hold against those in the gradebook."""
        texts: dict[str, bytes] = {}
        notes = []
        for name in [name for name in handed_in if name in self._course]:
            try:
                texts[name] = to_text(_marked(handed_in[name], self._course[name])).encode()
            except Exception as error:  # a file that was damaged; its scores are recorded all the same
                notes.append(f"{report.file}: {name}.ipynb cannot be shown in formgrader ({_brief(error)})")
        return texts, notes


def _marked(notebook: Mapping[str, Any], course: NotebookNode) -> dict[str, Any]:
    """The notebook with the metadata of nbgrader's instructor version of it (after ComputeChecksums) on each of the course's cells."""
    known = {cell.metadata.nbgrader.grade_id: cell.metadata for cell in course.cells if "nbgrader" in cell.metadata}
    cells = []
    for cell in notebook["cells"]:
        metadata = known.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        cells.append(cell if metadata is None else {**cell, "metadata": metadata})
    return {**notebook, "metadata": course.metadata, "cells": cells}


def _basis(course: dict[str, NotebookNode]) -> str:
    """Digest of what a recording is made from beside the report: the course's notebooks, and the code that records."""
    digest = hashlib.sha256()
    for name, notebook in course.items():
        digest.update(f"{name}\0{nbformat.writes(notebook)}\0".encode())
    for file in sorted(Path(__file__).resolve().parent.glob("*.py")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace").strip() if file.is_file() else ""


def _timestamp(file: Path, memory: Memory, report: Report) -> tuple[datetime | None, str]:
    """When it was handed in (UTC, without zone, as nbgrader has it), and the text to write to `timestamp.txt`, if it is ours to write.

    A `timestamp.txt` that somebody else put there holds the true hand-in time and stays. Otherwise there is only the time of grading.
    The two must agree, or formgrader takes the submission for one that was not autograded.
    """
    from nbgrader.utils import parse_utc

    if (text := _text(file)) and text not in memory.our_timestamps():
        try:
            return parse_utc(text), ""
        except (ValueError, OverflowError):
            pass
    try:
        time = datetime.fromisoformat(report.graded_at)
    except ValueError:
        return None, ""
    time = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    return time, f"{time:%Y-%m-%d %H:%M:%S.%f} UTC"


def _brief(error: Exception) -> str:
    return clean(f"{type(error).__name__}: {error}", 200)
