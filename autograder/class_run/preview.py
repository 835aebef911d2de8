"""What would be graded: for each file its student, assignment, attempt and time, and where each of
these comes from. Files are opened in memory; nothing is run or written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.class_run.attempts import CLOCKS
from autograder.class_run.class_results import own_name, told_time
from autograder.class_run.plan import Planned
from autograder.class_run.which_assignment import UNKNOWN, told_slug
from autograder.course.assignment import load
from autograder.errors import AutograderError
from autograder.intake.found_file import read_source
from autograder.intake.hand_in_time import iso
from autograder.intake.read import read_submission
from autograder.intake.untrusted_text import utf8
from autograder.intake.who import attempt_number, identify
from autograder.report import Report, Sender


@dataclass(frozen=True)
class Preview:
    """One file; each `..._from` says where the value before it comes from."""

    file: str
    student: str = ""
    student_from: str = ""
    assignment: str = ""
    assignment_from: str = ""
    parts: str = ""
    """Of an assignment with parts those that it hands in."""
    attempt: str = ""
    handed_in: str = ""
    handed_in_from: str = ""
    why: str = ""
    """Why it would be graded; `unchanged` if it would not be."""
    problem: str = ""
    """Why it waits, or would be rejected."""


def preview(planned: Planned, root: Path, assignment: str | None = None) -> Preview:
    """What is known of one file before it is graded."""
    file = planned.file
    name, why = utf8(file.name), planned.why or "unchanged"
    if planned.slug == UNKNOWN:
        return Preview(name, why="waits", problem=planned.why)
    course = load(planned.slug, root)
    slug_from = "--assignment" if assignment else told_slug(file, root)[1]
    report = Report(
        assignment=planned.slug,
        file=name,
        sha256="",
        status="graded",
        student=identify(name, course, file.sender),
        sender=file.sender,
    )
    problem, parts = "", ""
    try:
        opened = read_submission(read_source(file.source), file.name, course, sender=file.sender)
        report.student, report.handed_in = opened.student, opened.handed_in
        parts = ", ".join(opened.parts)
        problem = "; ".join(opened.unclear.values())
    except AutograderError as error:
        problem = error.message
    time, source = told_time(report, course)
    student = report.student
    number = attempt_number(own_name(report), course)
    return Preview(
        file=name,
        student=f"{student.id} {student.name}".strip(),
        student_from="manifest"
        if student.claimed_id
        else file.sender.platform
        if file.sender
        else "file name",
        assignment=planned.slug,
        assignment_from=slug_from,
        parts=parts,
        attempt=" ".join(map(str, number)) or "first",
        handed_in=_shown_time(time, file.sender),
        handed_in_from=CLOCKS.get(source, ""),
        why=why,
        problem=problem,
    )


def _shown_time(time: datetime | None, sender: Sender | None) -> str:
    told = iso(time) if time else "unknown"
    if time is None and sender and sender.time:
        told = f"{sender.time.replace('T', ' ')}, zone unknown"
    return f"{told} LATE" if sender and sender.late else told
