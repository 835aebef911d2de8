"""One submission as a task: read here, graded in whatever process, and what becomes of it when our
side fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.course.assignment import load
from autograder.errors import AutograderError, RejectedSubmission
from autograder.grading.grade import Graded, Options, grade_one
from autograder.intake.found_file import FoundFile, Source, as_found, read_source
from autograder.intake.untrusted_text import safe_id, utf8
from autograder.intake.who import identify
from autograder.report import Report, Sender, Student


@dataclass(frozen=True)
class Task:
    """A file that waits to be graded."""

    index: int
    """Its number in the class."""
    file: FoundFile | Path
    """Where it is on this machine; its bytes are read when the task is sent off."""
    slug: str
    before: Report | None = None
    """An earlier report whose unchanged questions are kept; None: grade all."""


class Order(msgspec.Struct, kw_only=True, array_like=True):
    """A task as it travels to a grading process: all that it needs, so that no disk is shared; on
    this machine a source for the bytes.
    """

    file: str
    slug: str
    data: bytes = b""
    before: Report | None = None
    source: Source | None = None
    sender: Sender | None = None


def read(task: Task, options: Options) -> Order | Graded:
    """The task with its bytes; its outcome right away when the file cannot be read or is larger
    than any archive that is read.
    """
    return _with_bytes(by_path(task), options)


def _with_bytes(order: Order, options: Options) -> Order | Graded:
    assert order.source is not None
    try:
        data = read_source(order.source)
        return msgspec.structs.replace(order, data=data, source=None)
    except RejectedSubmission as error:
        assignment, sender = load(order.slug, options.root), order.sender
        return Graded(
            Report(
                assignment=order.slug,
                file=order.file,
                sha256="",
                status="rejected",
                message=error.message,
                student=identify(order.file, assignment, sender),
                sender=sender,
            )
        )
    except Exception as error:
        return our_fault(order.file, order.slug, options, error, order.sender)


def by_path(task: Task) -> Order:
    """The task for a process on this machine, which reads the file itself: ten megabytes need not
    go through a pipe.
    """
    found = as_found(task.file)
    return Order(
        file=utf8(found.name),
        slug=task.slug,
        before=task.before,
        source=found.source,
        sender=found.sender,
    )


def grade(order: Order, options: Options) -> Graded:
    """Grade one submission. Never raises: what goes wrong on our side waits for staff."""
    if order.source is not None:
        told = _with_bytes(order, options)
        return grade(told, options) if isinstance(told, Order) else told
    try:
        return grade_one(order.data, order.file, order.slug, options, order.before, order.sender)
    except Exception as error:
        return our_fault(order.file, order.slug, options, error, order.sender)


def limit_s(task: Task, options: Options) -> float:
    """How long a grading process may take over one submission before it is taken for dead; the
    student's own limit ends far earlier.
    """
    try:
        return 2 * load(task.slug, options.root).limits.submission_s + 120
    except AutograderError:
        return 120.0


def our_fault(
    file: str, slug: str, options: Options, error: Exception, sender: Sender | None = None
) -> Graded:
    """The outcome of a submission that our side could not grade: it needs manual review, and staff
    are told why. sender: who uploaded it, by a learning platform.
    """
    try:
        student_id = identify(file, load(slug, options.root), sender).id
    except AutograderError:
        student_id = safe_id(Path(file).stem)
    report = waiting(file, slug, student_id, "the grader itself had a problem")
    report.sender = sender
    detail = getattr(error, "detail", "")
    report.staff_notes = [f"{type(error).__name__}: {error} {detail}".strip()]
    return Graded(report)


def waiting(file: str, slug: str, student_id: str, why: str) -> Report:
    """A report that says: a person has to look at this submission, and why."""
    message = f"this submission needs manual review: {why}"
    return Report(
        assignment=slug,
        file=utf8(file),
        sha256="",
        status="ungraded",
        message=message,
        student=Student(id=student_id),
    )
