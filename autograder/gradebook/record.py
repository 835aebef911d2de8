"""Reports into nbgrader's gradebook, and the graded notebooks to where its formgrader looks for
them.

The reports stay the source of truth for what was graded automatically; the gradebook is the source
of truth for what people typed into formgrader. So recording again renews the automatic scores and
never touches a manual score or a comment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from autograder.align.notebook_json import to_text
from autograder.atomic_write import write_atomically
from autograder.course.assignment import Assignment, course_root
from autograder.gradebook.choices import write_choices
from autograder.gradebook.course import define, open_gradebook, write_formgrader_folder
from autograder.gradebook.hand_in import FILE as TIME_FILE
from autograder.gradebook.hand_in import HandIn, text_in, write_time
from autograder.gradebook.memory import Memory, recall, remember, same_recording, source_of
from autograder.gradebook.scores import (
    NewSubmission,
    recorded_scores,
    student_row,
    submission_row,
    write_scores,
)
from autograder.intake.untrusted_text import SAFE_ID, clean, shown
from autograder.report import Report

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

Notebooks = Mapping[str, Mapping[str, Any]]
"""By name without `.ipynb`, as `AlignedNotebook.to_notebook` made them: nothing in them is live."""


@dataclass(frozen=True)
class Counted:
    """The submission that counts for a student."""

    report: Report
    """With the student's settled id and name."""
    notebooks: Notebooks
    """As alignment made them, safe to be shown, best in a mapping that reads them when asked. An
    empty one leaves those of an earlier recording where they are."""
    handed_in: HandIn = field(default_factory=HandIn)
    sources: Mapping[str, str] = field(default_factory=dict)
    """Of an assignment with parts the digest of the file that each notebook comes from; a notebook
    that is not in it was not handed in. Empty: all are of one file."""

    def source(self, notebook: str) -> str:
        return source_of(notebook, self.sources, self.report.sha256)


@dataclass
class Recorded:
    """What `record` did: ids of the students whose submission is in the gradebook, and a sentence
    for staff on each thing that is not.
    """

    students: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_skipped: int = 0
    """Students for whom an earlier recording had left everything as it should be."""
    n_failed: int = 0
    """Submissions that should be in the gradebook and are not, for a fault of ours (a lock, a full
    disk).
    """


def record(
    gradebook_path: Path,
    root: Path,
    assignment: Assignment,
    counted: Iterable[Counted],
    *,
    course: Path | None = None,
    defined: dict[str, NotebookNode] | None = None,
) -> Recorded:
    """Write what counts into the SQLite gradebook at `gradebook_path`, and the notebooks under
    `root/autograded/<student>/<slug>/`.

    counted: one for each student, as autograder/class_run/class_results.py settled it. course: the
    checkout with `source/<slug>/` (default: `course_root()`). defined: what `define` gave for this
    gradebook, when it was called ahead.

    A rejected submission makes the student known and is no submission. What goes wrong with one
    submission is a note and stops no other one. Killed at any point and called again, it ends as if
    it had been called once; what is in place already is left as it is. Raises CourseError when
    `source/<slug>` is missing or has other cells than a gradebook that already holds submissions,
    AutograderError when the file is no gradebook.
    """
    root.mkdir(parents=True, exist_ok=True)
    course = course or course_root()
    notebooks = define(gradebook_path, assignment, course) if defined is None else defined
    write_formgrader_folder(root, gradebook_path, course, assignment.slug)
    done = Recorded()
    with open_gradebook(gradebook_path) as gradebook:
        there = recorded_scores(gradebook, assignment.slug)
        recorder = _Recorder(gradebook, root, notebooks)
        ours = []
        for one in counted:
            report = one.report
            ours.append(report.student.id)
            if note := _not_recorded(report, assignment):
                done.notes.append(note)
                continue
            try:
                if report.status == "rejected":
                    student_row(gradebook, report.student)
                    gradebook.db.commit()
                    continue
                if recorder.is_in_place(one, there.get(report.student.id)):
                    done.n_skipped += 1
                else:
                    done.notes += recorder.record(one)
                done.students.append(report.student.id)
            # a locked database, a full disk: whatever it is, it is this submission's alone
            except Exception as error:
                gradebook.db.rollback()
                done.n_failed += 1
                done.notes.append(f"{report.file}: not in the gradebook ({_brief(error)})")
        try:
            write_choices(gradebook, assignment)
        except Exception as error:
            gradebook.db.rollback()
            done.n_failed += 1
            done.notes.append(
                f"{shown(gradebook_path)}: sums are without the choices of {assignment.slug} "
                f"({_brief(error)}). Grade again"
            )
        done.notes += _left_over(sorted(there.keys() - set(ours)), assignment, root)
    return done


def _left_over(students: list[str], assignment: Assignment, root: Path) -> list[str]:
    """Sentences on what earlier recordings left for students for whom nothing counts now."""
    folders = [root / "submitted" / one / assignment.slug for one in students if SAFE_ID.match(one)]
    return [
        f"{memory.file}: no longer counts for {folder.parent.name}, but is in the gradebook. If it "
        f"is not theirs, remove it: nbgrader db student remove {folder.parent.name} --force"
        for folder in folders
        if (memory := recall(folder)).file
    ]


def _not_recorded(report: Report, assignment: Assignment) -> str:
    """Why a report is not for this gradebook; empty when it is."""
    student = report.student.id
    if report.assignment != assignment.slug:
        return f"{report.file}: a report on {report.assignment!r}, not on {assignment.slug!r}"
    # An id names a folder, and formgrader's pages show it without escaping.
    if not SAFE_ID.match(student):
        return f"{report.file}: {student!r} cannot be a student id in the gradebook"
    return ""


class _Recorder:
    """Records one submission after another of one assignment."""

    def __init__(self, gradebook: Gradebook, root: Path, course: dict[str, NotebookNode]) -> None:
        from nbgrader.api import BaseCell

        self._gradebook = gradebook
        # Else each commit forgets the course's cells, and they are read again one by one for the
        # next student: a third of the time.
        gradebook.db().expire_on_commit = False
        self._cells = gradebook.db.query(BaseCell).all()
        self._root = root
        self._course = course
        self._basis = _basis(course)

    def _folders(self, report: Report) -> tuple[Path, Path]:
        """Where the notebooks go, and where nbgrader has what was handed in."""
        place = Path(report.student.id) / report.assignment
        return self._root / "autograded" / place, self._root / "submitted" / place

    def is_in_place(self, one: Counted, scores: str | None) -> bool:
        """Did a recording of this very report come to its end, and is all that it wrote still so?
        scores: what the database has.
        """
        report = one.report
        autograded, submitted = self._folders(report)
        memory = recall(submitted)
        return (
            same_recording(memory, report, self._basis)
            and memory.scores == scores
            and memory.seen_timestamp == text_in(submitted / TIME_FILE)
            and one.handed_in.is_said_by(memory.seen_timestamp)
            and all((autograded / f"{name}.ipynb").is_file() for name in memory.notebooks)
        )

    def record(self, one: Counted) -> list[str]:
        """One submission in one transaction, then its files. Returns what staff should know about
        it.
        """
        report, ours = one.report, one.handed_in.ours
        autograded, submitted = self._folders(report)
        texts, notes = self._for_formgrader(report, one.notebooks)
        for place in (
            autograded,
            submitted,
        ):  # before the commit: no row for a student who cannot have a folder
            place.mkdir(parents=True, exist_ok=True)
        memory = recall(submitted)

        submission = submission_row(
            self._gradebook, report.assignment, student_row(self._gradebook, report.student)
        )
        submission.timestamp = one.handed_in.naive
        names = {notebook.name for notebook in submission.notebooks}
        extra_credit, problems = write_scores(
            submission,
            report,
            memory.given(),
            {name for name in names if memory.source(name) != one.source(name)},
            {name for name in names if one.sources and name not in one.sources},
        )
        if isinstance(submission, NewSubmission):
            submission.insert(self._gradebook)
        remember(submitted, memory.before_commit(ours, extra_credit))
        self._gradebook.db.commit()

        notes += write_time(submitted, one.handed_in, memory)
        if texts:
            for name in self._course:
                if name in texts:
                    write_atomically(autograded / f"{name}.ipynb", texts[name])
                else:
                    (autograded / f"{name}.ipynb").unlink(
                        missing_ok=True
                    )  # of an earlier submission: not to be graded as part of this one
        scores = recorded_scores(self._gradebook, report.assignment, report.student.id)[
            report.student.id
        ]
        seen = text_in(submitted / TIME_FILE)
        remember(
            submitted,
            Memory.of(
                report,
                self._basis,
                timestamp=ours,
                extra_credit=extra_credit,
                scores=scores,
                notebooks=list(texts),
                seen=seen,
                sources=dict(one.sources),
            ),
        )
        return notes + problems

    def _for_formgrader(
        self, report: Report, handed_in: Notebooks
    ) -> tuple[dict[str, bytes], list[str]]:
        """The notebooks with the course's metadata, whose checksums formgrader and feedback hold
        against those in the gradebook.
        """
        texts: dict[str, bytes] = {}
        notes = []
        for name in [name for name in handed_in if name in self._course]:
            try:
                texts[name] = to_text(_marked(handed_in[name], self._course[name])).encode()
            except (
                Exception
            ) as error:  # a file that was damaged; its scores are recorded all the same
                notes.append(
                    f"{report.file}: {name}.ipynb cannot be shown in formgrader ({_brief(error)})"
                )
        return texts, notes


def _marked(notebook: Mapping[str, Any], course: NotebookNode) -> dict[str, Any]:
    """The notebook with the metadata of nbgrader's instructor version of it (after
    ComputeChecksums) on each of the course's cells.
    """
    known = {
        cell.metadata.nbgrader.grade_id: cell.metadata
        for cell in course.cells
        if "nbgrader" in cell.metadata
    }
    cells = []
    for cell in notebook["cells"]:
        metadata = known.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        cells.append(cell if metadata is None else {**cell, "metadata": metadata})
    return {**notebook, "metadata": course.metadata, "cells": cells}


def _basis(course: dict[str, NotebookNode]) -> str:
    """Digest of what a recording is made from beside the report: the course's notebooks, and the
    code that records.
    """
    digest = hashlib.sha256()
    for name, notebook in course.items():
        digest.update(f"{name}\0{nbformat.writes(notebook)}\0".encode())
    for file in sorted(Path(__file__).resolve().parent.glob("*.py")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _brief(error: Exception) -> str:
    """In SQLite's own words where it is its error: SQLAlchemy adds the statement."""
    said = getattr(error, "orig", None) or error
    return clean(f"{type(said).__name__}: {said}", 200)
