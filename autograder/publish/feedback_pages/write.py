"""The feedback of a class, written where nbgrader's release of feedback looks for it:
`feedback/<student>/<assignment>/`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.atomic_write import write_atomically
from autograder.class_run.results_folder import KeptNotebooks, kept_notebooks
from autograder.course.assignment import Assignment, load
from autograder.errors import UsageError
from autograder.intake.untrusted_text import SAFE_ID, listing, shown
from autograder.publish.feedback_pages.content import Feedback, feedback_before_due, feedback_of
from autograder.publish.feedback_pages.over_limits import over_limits
from autograder.publish.feedback_pages.page import render
from autograder.publish.standing import ClassStandings, Standing, class_standings

if TYPE_CHECKING:
    from autograder.grading.grade import Options
    from autograder.publish.pdf.supervise import Task

FOLDER = "feedback"
PAGE = "feedback.html"
PDF = "feedback.pdf"
SECRET = "submission_secret.txt"
TIME = "timestamp.txt"
READABLE = 0o644
"""As nbgrader's own feedback: its exchange copies the mode, and students must be able to read."""


@dataclass
class Written:
    """The pages and PDFs that were written, and sentences for staff on what was not."""

    pages: list[Path] = field(default_factory=list)
    pdfs: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """PDFs that are missing, for a fault of ours."""


def write_feedback(
    slug: str,
    root: Path,
    out: Path,
    *,
    students: list[str] | None = None,
    visible: Options | None = None,
    pdf: bool = False,
    jobs: int = 0,
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> Written:
    """Write `feedback.html` of each student, and the same page once for each notebook.

    students: ids; all if None. visible: how to run the notebooks, where only the visible checks are
    to be told; None: the feedback after grading. pdf: write `feedback.pdf` as well, in that many
    processes (0: one per core); one of an earlier run is removed otherwise. Raises as
    `class_standings` does, UsageError for a student who handed nothing in.
    """
    assignment = load(slug, root)
    found = class_standings(out, assignment, with_marks=visible is None)
    chosen = _chosen(found.standings, students, slug)
    if expect:
        expect(len(chosen) * (2 if pdf else 1))
    done = Written(notes=_notes(found, chosen, out, everybody=students is None))
    tasks = []
    for standing in chosen:
        if not SAFE_ID.match(standing.student.id):
            done.notes.append(
                f"{shown(standing.student.id)} cannot be a folder's name: no feedback"
            )
            continue
        page = _page(standing, assignment, out, visible)
        done.pages.append(_write(page, assignment, standing, out))
        if pdf:
            tasks.append(_task(page))
        if progress:
            progress()
    _write_pdfs(tasks, out, jobs, done, progress)
    return done


def _task(page: Feedback) -> Task:
    from autograder.publish.pdf.supervise import Task

    values = {"feedback": msgspec.to_builtins(page)}
    return Task("feedback", page.student_id, lambda: values, page.title, page.slug)


def _write_pdfs(
    tasks: list[Task], out: Path, jobs: int, done: Written, progress: Callable[[], None] | None
) -> None:
    from autograder.publish.pdf.supervise import Pdf, make_pdfs

    for made in make_pdfs(tasks, jobs=jobs):
        if progress:
            progress()
        if not isinstance(made, Pdf):
            done.failed.append(made[1].message)
            continue
        file = out / FOLDER / made.task.label / made.task.slug / PDF
        if made.message:
            done.failed.append(f"{shown(file)}: {made.message}")
            continue
        write_atomically(file, made.data, READABLE)
        done.pdfs.append(file)


def _chosen(standings: list[Standing], students: list[str] | None, slug: str) -> list[Standing]:
    if students is None:
        return standings
    known = {one.student.id: one for one in standings}
    if missing := [name for name in students if name not in known]:
        raise UsageError(
            f"{listing(missing)}: no submission for {slug}. Known ids: {listing(list(known), 20)}"
        )
    return [known[name] for name in dict.fromkeys(students)]


def _page(
    standing: Standing, assignment: Assignment, out: Path, visible: Options | None
) -> Feedback:
    folder = out / "results" / assignment.slug
    notebooks = kept_notebooks(folder, standing.student, standing.report)
    if visible is not None:
        from autograder.grading.visible import kept_verdicts

        return feedback_before_due(
            standing, assignment, kept_verdicts(_bytes(notebooks), assignment, visible)
        )
    exceeded = dict[str, list[str]]()
    for name in notebooks:
        try:
            exceeded |= over_limits({name: notebooks[name]}, assignment)
        except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError):
            continue  # damaged since: its points are known all the same
    return feedback_of(standing, assignment, exceeded)


def _bytes(notebooks: KeptNotebooks) -> dict[str, bytes]:
    files = {name: notebooks.file(name) for name in notebooks}
    return {name: file.read_bytes() for name, file in files.items() if file.is_file()}


def _write(page: Feedback, assignment: Assignment, standing: Standing, out: Path) -> Path:
    """nbgrader names a feedback by its notebook, so each notebook's file is the whole page."""
    student = standing.student
    folder = out / FOLDER / student.id / assignment.slug
    data = render(page).encode("utf-8", "replace")
    for name in assignment.notebooks:
        write_atomically(folder / f"{name}.html", data, READABLE)
    for name, text in _for_release(folder, out / "submitted" / student.id / assignment.slug):
        write_atomically(folder / name, text)
    write_atomically(folder / PAGE, data, READABLE)
    (folder / PDF).unlink(missing_ok=True)  # of an earlier run, and so of other points
    return folder / PAGE


def _for_release(folder: Path, submitted: Path) -> Iterator[tuple[str, bytes]]:
    """What `nbgrader release_feedback` reads next to the pages, and stops without: the time, and
    the secret that nbgrader made when the student submitted through its exchange. For a student who
    did not there is one that nobody knows.
    """
    time = submitted / TIME
    yield TIME, time.read_bytes() if time.is_file() else b"unknown"
    theirs, ours = submitted / SECRET, folder / SECRET
    if theirs.is_file():
        yield SECRET, theirs.read_bytes()
    elif not ours.is_file():
        yield SECRET, secrets.token_hex(64).encode()


def _notes(
    found: ClassStandings, chosen: list[Standing], out: Path, *, everybody: bool
) -> list[str]:
    """What staff should know before they pass the pages on."""
    notes = [f"needs manual review, feedback written: {one.doubt}" for one in chosen if one.doubt]
    if waiting := [one for one in chosen if one.waiting]:
        names = listing([one.student.id for one in waiting])
        notes.append(f"{len(waiting)} students have questions that wait for a mark: {names}")
    if everybody:
        slug, known = found.results.assignment, {one.student.id for one in found.standings}
        kept = (file.parents[1].name for file in sorted((out / FOLDER).glob(f"*/{slug}/{PAGE}")))
        notes += [
            f"{shown(out / FOLDER / name / slug)} is of an earlier run, and nothing counts for "
            f"{shown(name)} now: remove it"
            for name in kept
            if name not in known
        ]
    return notes
