"""Reports as tables: CSV files for spreadsheets and learning platforms, and the table that a run ends with."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.assignment import NAME
from autograder.intake.text import clean
from autograder.report import QuestionResult, Report, write_atomically

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.regrade.changes import Change

Value = str | float | bool | None

TOTALS = ["file", "id", "name", "status", "auto", "auto_max", "manual_max", "bonus", "message"]
QUESTION = ["id", "name", "score", "points", "outcome", "found", "blank"]

# A spreadsheet takes a cell that starts so for a formula, the wide forms of East Asian keyboards included.
FORMULA_START = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# And where the language of a spreadsheet splits lines at semicolons, what comes after one in the middle of the text.
_INNER_FORMULA = re.compile(rf"(;)\s*(?=[{re.escape(FORMULA_START)}])")
MAX_CHARS = 1000
STATUS_STYLE = {"graded": "green", "rejected": "red", "ungraded": "yellow"}


def csv_value(value: Value) -> str:
    """`value` as a CSV cell (before quoting): numbers stay numbers, text can never become a formula, None and nan are empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{round(value, 6) + 0.0:.12g}" if math.isfinite(value) else ""
    text = _INNER_FORMULA.sub(r"\1 '", clean(value, MAX_CHARS))
    risky = text and (value[0] in FORMULA_START or text[0] in FORMULA_START)
    return f"'{text}" if risky else text


def latest(reports: Iterable[Report]) -> list[Report]:
    """One report per student: of several submissions under one id the last, in the place of the first. Rejected ones are left out."""
    by_student: dict[str, Report] = {}
    for report in reports:
        if report.status != "rejected":
            by_student[report.student.id] = report
    return list(by_student.values())


def write_csv(reports: Sequence[Report], folder: Path) -> list[Path]:
    """Write `totals.csv` (a row per submission) and `<question>.csv` (a row per student) into `folder`; returns the files.

    A question's columns after `blank` are its checks, each passed, failed, ungraded or, where it was not run, empty.
    Raises ValueError when a question's name is not one that an assignment may use.
    """
    files = [_write(folder / "totals.csv", TOTALS, [_totals(report) for report in reports])]
    names = dict.fromkeys(question.name for report in reports for question in report.questions)
    for name in names:
        if not NAME.match(name):
            raise ValueError(f"{name!r} is no name of a question, so there is no file for it")
        rows = [(report, question) for report in latest(reports) for question in report.questions if question.name == name]
        checks = list(dict.fromkeys(check.name for _, question in rows for check in question.checks))
        file = folder / ("question_totals.csv" if name == "totals" else f"{name}.csv")
        files.append(_write(file, [*QUESTION, *checks], [_answer(report, question, checks) for report, question in rows]))
    return files


def _totals(report: Report) -> list[Value]:
    totals = report.totals
    points = [totals.auto, totals.auto_max, totals.manual_max, totals.bonus]
    return [report.file, report.student.id, report.student.name, report.status, *points, report.message]


def _answer(report: Report, question: QuestionResult, checks: list[str]) -> list[Value]:
    outcomes = {check.name: check.outcome for check in question.checks}
    row: list[Value] = [report.student.id, report.student.name, question.score, question.points]
    return [*row, question.outcome, question.found, question.blank, *(outcomes.get(check) for check in checks)]


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([csv_value(name) for name in header])
    writer.writerows([csv_value(value) for value in row] for row in rows)
    write_atomically(file, text.getvalue().encode("utf-8"))
    return file


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
