"""Reports as tables: CSV files for spreadsheets and learning platforms, and the table that a run ends with."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.atomic_write import write_atomically
from autograder.course.assignment import NAME
from autograder.intake.untrusted_text import clean
from autograder.report import QuestionResult, Report

if TYPE_CHECKING:
    pass

Value = str | float | bool | None

TOTALS = ["file", "id", "name", "status", "auto", "auto_max", "manual_max", "bonus", "message"]
QUESTION = ["id", "name", "score", "points", "outcome", "found", "blank"]

# A spreadsheet takes a cell that starts so for a formula, the wide forms of East Asian keyboards included.
FORMULA_START = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# And where the language of a spreadsheet splits lines at semicolons, what comes after one in the middle of the text.
_INNER_FORMULA = re.compile(rf"(;)\s*(?=[{re.escape(FORMULA_START)}])")
MAX_CHARS = 1000


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
