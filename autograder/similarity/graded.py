"""The works of a class that was graded: `results/<slug>` with its class.json, reports and kept
notebooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from autograder.class_run.class_results import CLASS, StudentResult, counted_report, read_class
from autograder.class_run.results_folder import REPORT, kept_notebooks
from autograder.course.assignment import Assignment
from autograder.errors import AutograderError
from autograder.intake.roster import key
from autograder.intake.untrusted_text import clean
from autograder.report import Report, read
from autograder.similarity.works import Piece, Result, Work, Works, pieces_of, within_limits

LABEL_CHARS = 80
FILES_CHARS = 400
"""Of an assignment with parts there may be several files."""


def graded_folder(folder: Path, slug: str) -> Path | None:
    """The results folder of an assignment in `folder`: itself, `slug`, or `results/slug` in it."""
    places = (folder, folder / slug, folder / "results" / slug)
    return next((one for one in places if (one / CLASS).is_file()), None)


def graded_works(
    folder: Path,
    assignment: Assignment,
    *,
    year: str = "",
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> Works:
    """The submissions that count. A report or notebook that cannot be read costs only itself.

    Raises AutograderError when class.json cannot be read or is of another assignment.
    """
    results = read_class(folder / CLASS)
    if results.assignment != assignment.slug:
        raise AutograderError(
            f"{folder / CLASS} is of {clean(results.assignment, 40)}, not of {assignment.slug}. "
            "Name the results folder of the assignment"
        )
    by_files = results.by_files
    if expect:
        expect(len(by_files))
    found = Works()
    for students in by_files:
        if progress:
            progress()
        work = _work(folder, students, assignment, year, found.notes)
        if work is not None:
            found.works.append(work)
    waiting = {one.folder: one for one in results.waiting if one.folder not in results.counting}
    found.notes += [
        f"not compared, waits for a person: {clean(one.file, LABEL_CHARS)}"
        for one in waiting.values()
    ]
    return found


def _work(
    folder: Path, students: list[StudentResult], assignment: Assignment, year: str, notes: list[str]
) -> Work | None:
    """folder: `results/<slug>`; students: those for whom the same files count."""
    file = clean(students[0].file, LABEL_CHARS)
    try:
        reports = {name: read(folder / name / REPORT) for name in students[0].folders}
        report = counted_report(students[0], reports)
        blank = {one.name for one in report.questions if one.blank}
        pieces = [
            piece
            for name, notebook in kept_notebooks(folder, students[0], report).items()
            for piece in pieces_of(
                notebook["cells"], {one.name for one in assignment.in_notebook(name)}, blank
            )
        ]
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
        notes.append(f"not compared, {file}: cannot be read ({clean(str(error), 120)})")
        return None
    if not report.notebooks:
        notes.append(f"not compared, {file}: {clean(report.message, 200) or 'it has no notebook'}")
        return None
    work = work_of(students, within_limits(iter(pieces), file, notes), year)
    work.results = _results(report)
    return work


def work_of(students: list[StudentResult], pieces: list[Piece], year: str) -> Work:
    """The work for all for whom one file counts."""
    return Work(
        label=", ".join(clean(one.name or one.id, LABEL_CHARS) for one in students),
        file=clean(students[0].file, FILES_CHARS),
        people=frozenset(key(one.id) for one in students),
        pieces=pieces,
        group=students[0].group,
        year=year,
    )


def _results(report: Report) -> dict[str, Result]:
    """By question, what its checks said, where checks grade it and all of them were run."""
    found = {}
    for one in report.questions:
        if one.checks and one.score is not None and one.points > 0 and not one.blank:
            failed = tuple(sorted(each.name for each in one.checks if each.outcome == "failed"))
            found[one.name] = Result(failed, min(max(one.score / one.points, 0.0), 1.0))
    return found
