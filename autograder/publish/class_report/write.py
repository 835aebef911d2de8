"""Write the class report of one assignment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.class_run.class_results import CLASS, read_class
from autograder.course.assignment import Assignment, load
from autograder.errors import AutograderError, UsageError
from autograder.intake.untrusted_text import shown
from autograder.publish.class_report.content import ClassReport, class_report
from autograder.publish.class_report.page import render
from autograder.publish.class_report.tables import csv_texts
from autograder.publish.standing import GRADEBOOK, ClassStandings, class_standings


def write_class_report(
    results: Path,
    root: Path,
    file: Path,
    *,
    with_csv: bool = True,
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> tuple[ClassReport, list[Path]]:
    """Write the report on the class in `results` (`OUT/results/<slug>`) to `file`; what it says,
    and the files.

    The points that people gave are taken from `OUT/gradebook.db` if it is there and as new as the
    reports. Raises UsageError where there is no class or `file` cannot be written, AutograderError
    that names what cannot be read.
    """
    if file.is_dir():
        raise UsageError(f"{shown(file)} is a folder. Name the file to write: --html report.html")
    if not (results / CLASS).is_file():
        raise UsageError(
            f"{shown(results)} has no {CLASS}. Name the results folder of one assignment, such as "
            "results/vae"
        )
    assignment = load(read_class(results / CLASS).assignment, root)
    if results.resolve().name != assignment.slug:
        raise UsageError(
            f"{shown(results)} has the class of {assignment.slug}. Its folder must have that name"
        )
    out = results.resolve().parent.parent
    found, notes = _standings(out, assignment)
    report = class_report(
        found,
        assignment,
        root,
        with_marks=any(one.answered for one in found.standings),
        notes=notes,
        progress=progress,
        expect=expect,
    )
    texts = {file: render(report)}
    if with_csv:
        for table, text in csv_texts(report).items():
            texts[file.with_suffix(f".{table}.csv")] = text
    try:
        for path, text in texts.items():
            write_atomically(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(
            f"{shown(error.filename or file)} cannot be written: {error.strerror}. Choose another "
            "--html"
        ) from error
    return report, list(texts)


def _standings(out: Path, assignment: Assignment) -> tuple[ClassStandings, list[str]]:
    """With the gradebook's points if it has those of these reports; else without, and why."""
    if not (out / GRADEBOOK).is_file():
        note = f"There is no {GRADEBOOK}: points given by hand are not in this report."
        return class_standings(out, assignment, with_marks=False), [note]
    try:
        return class_standings(out, assignment), []
    except AutograderError as error:
        without = class_standings(out, assignment, with_marks=False)  # raises what is not its fault
        return without, [f"Points given by hand are not in this report: {error.message}"]
