"""Reports into nbgrader's gradebook, and the graded notebooks to where its formgrader looks for them.

The reports stay the source of truth for what was graded automatically; the gradebook is the source of truth for what people typed into
formgrader. So recording again renews the automatic scores and never touches a manual score or a comment.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment, course_root
from autograder.gradebook.browser_safe import clean_notebook
from autograder.gradebook.course import define, open_gradebook, write_config
from autograder.gradebook.scores import student_row, submission_row, write_scores
from autograder.intake.text import SAFE_ID, clean
from autograder.report import Report, write_atomically

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass
class Recorded:
    """What `record` did: ids of the students whose submission is in the gradebook, and a sentence for staff on each thing that is not."""

    students: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Memory(msgspec.Struct):
    """What a recording leaves beside the submission, so that the next one can tell a person's changes from its own."""

    file: str = ""
    sha256: str = ""
    timestamp: str = ""
    extra_credit: dict[str, float] = {}


def record(
    gradebook_path: Path,
    root: Path,
    assignment: Assignment,
    graded: Iterable[tuple[Report, dict[str, NotebookNode]]],
    *,
    course: Path | None = None,
) -> Recorded:
    """Write `graded` into the SQLite gradebook at `gradebook_path`, and the notebooks under `root/autograded/<student>/<slug>/`.

    graded: each report with the student's notebooks as they were graded (aligned and run), by name without `.ipynb`; an empty dict leaves
    the notebooks of an earlier recording where they are. course: the checkout with `source/<slug>/` (default: `course_root()`).

    Of several graded submissions under one student id the last one counts. A rejected one makes the student known and no submission.
    What goes wrong with one submission is a note and stops no other one.
    Raises CourseError when `source/<slug>` is missing or has other cells than a gradebook that already holds submissions,
    AutograderError when the file is no gradebook.
    """
    root.mkdir(parents=True, exist_ok=True)
    course = course or course_root()
    notebooks = define(gradebook_path, assignment, course)
    write_config(root, gradebook_path, course)
    done = Recorded()
    # Notebooks wait on disk until it is known which submission of a student is the last: a class is never in memory at once.
    with tempfile.TemporaryDirectory(dir=root, prefix=".recording-") as staging, open_gradebook(gradebook_path) as gradebook:
        for report, folder in _stage(Path(staging), assignment, notebooks, graded, done).values():
            try:
                if report.status == "rejected":
                    student_row(gradebook, report.student)
                    gradebook.db.commit()
                    continue
                done.notes += _record_one(gradebook, root, report, folder, list(notebooks))
                done.students.append(report.student.id)
            except Exception as error:  # a locked database, a full disk: whatever it is, it is this submission's alone
                gradebook.db.rollback()
                done.notes.append(f"{report.file}: not in the gradebook ({_brief(error)})")
    return done


def _stage(
    staging: Path,
    assignment: Assignment,
    course: dict[str, NotebookNode],
    graded: Iterable[tuple[Report, dict[str, NotebookNode]]],
    done: Recorded,
) -> dict[str, tuple[Report, Path]]:
    """Write every notebook, cleaned, below `staging`. Returns, by student id, the report that counts and the folder of its notebooks."""
    counts: dict[str, tuple[Report, Path]] = {}
    for number, (report, notebooks) in enumerate(graded):
        student = report.student.id
        if report.assignment != assignment.slug:
            done.notes.append(f"{report.file}: a report on {report.assignment!r}, not on {assignment.slug!r}")
            continue
        if not SAFE_ID.match(student):  # it names a folder, and formgrader's pages show it without escaping
            done.notes.append(f"{report.file}: {student!r} cannot be a student id in the gradebook")
            continue
        earlier = counts[student][0] if student in counts else None
        folder = staging / str(number)
        if report.status == "rejected":
            done.notes.append(f"{report.file}: rejected, so it is no submission of student {student} in the gradebook")
            counts.setdefault(student, (report, folder))
            continue
        if earlier is not None and earlier.status != "rejected":
            done.notes.append(f"{report.file}: counts for student {student} in place of {earlier.file}, which came before it")
        folder.mkdir()
        for name in [name for name in notebooks if name in course]:
            try:
                text = nbformat.writes(clean_notebook(notebooks[name], course[name]))
                (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
            except Exception as error:  # the notebook is a stranger's; its scores are recorded all the same
                done.notes.append(f"{report.file}: {name}.ipynb cannot be shown in formgrader ({_brief(error)})")
        counts[student] = (report, folder)
    return counts


def _record_one(gradebook: Gradebook, root: Path, report: Report, folder: Path, names: list[str]) -> list[str]:
    """One submission in one transaction, then its files. Returns what staff should know about its scores."""
    autograded = root / "autograded" / report.student.id / report.assignment
    submitted = root / "submitted" / report.student.id / report.assignment
    for place in (autograded, submitted):  # before the commit: no row for a student who cannot have a folder
        place.mkdir(parents=True, exist_ok=True)
    memory = _recall(submitted / "recorded.json")
    time, ours = _timestamp(submitted / "timestamp.txt", memory, report)

    submission = submission_row(gradebook, report.assignment, student_row(gradebook, report.student))
    submission.timestamp = time
    extra_credit, notes = write_scores(submission, report, memory.extra_credit, memory.sha256 != report.sha256)
    gradebook.db.commit()

    if any(folder.iterdir()):
        for name in names:
            staged, target = folder / f"{name}.ipynb", autograded / f"{name}.ipynb"
            if staged.is_file():
                os.replace(staged, target)
            else:
                target.unlink(missing_ok=True)  # of an earlier submission: it must not be graded as part of this one
    if ours:
        write_atomically(submitted / "timestamp.txt", f"{ours}\n".encode())
    memory = _Memory(file=report.file, sha256=report.sha256, timestamp=ours, extra_credit=extra_credit)
    write_atomically(submitted / "recorded.json", msgspec.json.encode(memory))
    return notes


def _recall(file: Path) -> _Memory:
    """What the last recording wrote. Nothing when there was none: manual scores of unknown origin then wait for a second look."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Memory)
    except (OSError, msgspec.MsgspecError):
        return _Memory()


def _timestamp(file: Path, memory: _Memory, report: Report) -> tuple[datetime | None, str]:
    """When it was handed in (UTC, without zone, as nbgrader has it), and the text to write to `timestamp.txt`, if it is ours to write.

    A `timestamp.txt` that somebody else put there holds the true hand-in time and stays. Otherwise there is only the time of grading.
    The two must agree, or formgrader takes the submission for one that was not autograded.
    """
    from nbgrader.utils import parse_utc

    if file.is_file() and (text := file.read_text(encoding="utf-8", errors="replace").strip()) and text != memory.timestamp:
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
