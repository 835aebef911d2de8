"""The tables that a run prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from autograder.intake.untrusted_text import clean
from autograder.publish.csv_files import csv_value
from autograder.report import Report

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.class_run.changes import Change


STATUS_STYLE = {"graded": "green", "rejected": "red", "ungraded": "yellow"}


def class_table(reports: Iterable[Report]) -> Table:
    """The table that a run ends with: a row per submission, untrusted text without markup or control characters."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Class")
    table.add_column("student")
    table.add_column("status")
    table.add_column("score", justify="right")
    table.add_column("bonus", justify="right")
    table.add_column("for a person")
    table.add_column("seconds", justify="right")
    table.add_column("message", overflow="fold")
    for report in reports:
        totals = report.totals
        rejected = report.status == "rejected"
        table.add_row(
            Text(clean(report.student.name or report.student.id or report.file, 60)),
            Text(report.status, style=STATUS_STYLE[report.status]),
            "" if rejected else f"{csv_value(totals.auto)} / {csv_value(totals.auto_max)}",
            csv_value(totals.bonus) if totals.bonus else "",
            _waiting(report),
            f"{report.seconds:.1f}",
            Text(clean(report.message, 300)),
        )
    return table


def changes_table(changes: Iterable[Change]) -> Table:
    """Whose score moved: a row per question, with the checks that moved it. Untrusted text without markup or control characters."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Scores that moved", title_justify="left")
    for column in ("student", "question"):
        table.add_column(column)
    for column in ("before", "after", "by"):
        table.add_column(column, justify="right")
    table.add_column("check that changed", overflow="fold")
    for change in changes:
        table.add_row(
            Text(clean(change.name or change.id or change.file, 60)),
            Text(clean(change.question, 60) or "(all)"),
            _points(change.before),
            _points(change.after) if change.question else "none",
            f"{change.after - change.before:+g}" if change.before is not None and change.after is not None else "",
            Text(clean(_why(change), 400)),
        )
    return table


def _points(score: float | None) -> str:
    return "waits" if score is None else csv_value(score)


def _why(change: Change) -> str:
    """The checks that moved a score, each with its outcomes; where no check did, why it was graded again."""
    moved = [
        f"{check.name} ({check.title}): {check.before or 'absent'} -> {check.after or 'absent'}"
        if check.before != check.after
        else f"{check.name} ({check.title}): another weight"
        for check in change.checks
    ]
    return "; ".join(moved) or change.why


def _waiting(report: Report) -> str:
    """How many questions a person still has to grade, and for how many points (bonus points not counted)."""
    waiting = [question for question in report.questions if question.score is None]
    points = sum(question.points for question in waiting if not question.bonus)
    return f"{len(waiting)} ({csv_value(points)} points)" if waiting else ""
