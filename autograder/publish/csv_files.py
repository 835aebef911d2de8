"""The class as CSV files, for spreadsheets and learning platforms."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.class_run.class_results import (
    ClassResults,
    StudentResult,
    WaitingFile,
    counted_report,
)
from autograder.course.assignment import NAME
from autograder.intake.roster import Person
from autograder.intake.untrusted_text import clean
from autograder.report import QuestionResult, Report

Value = str | float | bool | None

TOTALS = [
    "assignment",
    "file",
    "id",
    "name",
    "group",
    "status",
    "waits",
    "auto",
    "auto_max",
    "manual_max",
    "bonus",
    "handed_in",
    "time_from",
    "late",
    "late_s",
    "late_penalty",
    "other_files",
    "message",
    "look_at",
    "notes",
]
PARTS = ["assignment", "part", "due", *TOTALS[1:]]
QUESTION = ["id", "name", "score", "points", "counts", "outcome", "found", "blank"]
QUALITY = ["value", "met", "message"]
"""More columns of a quality question, and then the metric's other numbers."""

# A spreadsheet takes a cell that starts so for a formula, the wide forms of East Asian keyboards
# included.
FORMULA_START = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# And where the language of a spreadsheet splits lines at semicolons, what comes after one in the
# middle of the text.
_INNER_FORMULA = re.compile(rf"(;)\s*(?=[{re.escape(FORMULA_START)}])")
MAX_CHARS = 1000


def csv_value(value: Value) -> str:
    """`value` as a CSV cell (before quoting): numbers stay numbers, text can never become a
    formula, None and nan are empty.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{round(value, 6) + 0.0:.12g}" if math.isfinite(value) else ""
    if value.isascii() and value.replace("_", "").isalnum() and len(value) <= MAX_CHARS:
        return value  # most cells, and what follows takes ten times as long
    text = _INNER_FORMULA.sub(r"\1 '", clean(value, MAX_CHARS))
    risky = text and (value[0] in FORMULA_START or text[0] in FORMULA_START)
    return f"'{text}" if risky else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """A table as the text of a CSV file. Its header is written as it is, values by `csv_value`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([csv_value(value) for value in row] for row in rows)
    return text.getvalue()


def write_csv(results: ClassResults, reports: Mapping[str, Report], folder: Path) -> list[Path]:
    """Write `totals.csv` and `<question>.csv` of a class into `folder`; returns the files.

    reports: by folder in `results/<slug>`. `totals.csv` has a row for each student, those of the
    roster who handed nothing in (status `missing`) included, then one for each file that waits for
    a person (status `waits`, no id). A question's file has a row for each student whose submission
    could be opened; its columns after `blank` are its checks, each passed, failed, ungraded or,
    where it was not run, empty. Those of a quality question are what was measured. Of an
    assignment with parts there is also `parts.csv`, with a row for each student and part.
    Raises ValueError when a question's name is not one that an assignment may use.
    """
    waits = {one.folder: one.why for one in results.waiting}
    listed = [_totals(one, waits) for one in results.students]
    listed += [_missing(person) for person in results.without_submission]
    listed += [_waits(file) for file in results.waiting if file.folder not in results.counting]
    totals = [[results.assignment, *row] for row in listed]
    files = [_write(folder / "totals.csv", TOTALS, totals)]
    if results.parts:
        files.append(_write(folder / "parts.csv", PARTS, _parts(results, waits)))
    answered: dict[str, list[tuple[StudentResult, QuestionResult]]] = {}
    for student in results.students:
        for question in counted_report(student, reports).questions:
            answered.setdefault(question.name, []).append((student, question))
    for name, rows in answered.items():
        if not NAME.match(name):
            raise ValueError(f"{name!r} is not the name of a question")
        more = _more_columns([one for _, one in rows])
        taken = name == "totals" or (name == "parts" and results.parts)
        file = folder / (f"question_{name}.csv" if taken else f"{name}.csv")
        answers = [_answer(student, question, more) for student, question in rows]
        files.append(_write(file, [*QUESTION, *more], answers))
    return files


def _parts(results: ClassResults, waits: Mapping[str, str]) -> list[list[Value]]:
    """A row for each student and part, as `totals.csv` would have it for the part alone."""
    rows = []
    nobody: dict[str, StudentResult] = {}
    people = [
        *(
            (Person(id=one.id, name=one.name, group=one.group), one.parts)
            for one in results.students
        ),
        *((person, nobody) for person in results.without_submission),
    ]
    for person, parts in people:
        for part, due in results.parts.items():
            told = _totals(parts[part], waits) if part in parts else _missing(person)
            rows.append([results.assignment, part, due, *told])
    return rows


def _totals(student: StudentResult, waiting: Mapping[str, str]) -> list[Value]:
    """waiting: by folder, why a file waits."""
    points = student.totals
    waits = next((waiting[name] for name in student.folders if name in waiting), "")
    alike = len({one.late_penalty for one in student.parts.values()}) <= 1
    others = ", ".join(other.file for other in student.others)
    late_s = student.late_s if student.handed_in else None
    return [
        student.file,
        student.id,
        student.name,
        student.group,
        student.status,
        bool(waits),
        points.auto,
        points.auto_max,
        points.manual_max,
        points.bonus,
        student.handed_in,
        student.time_from,
        student.late if student.handed_in or student.late else None,
        late_s,
        student.late_penalty if alike else None,
        others,
        waits if waits and waits != student.message else student.message,
        student.look_at,
        student.notes,
    ]


def _missing(person: Person) -> list[Value]:
    return ["", person.id, person.name, person.group, "missing", False, *[None] * 13]


def _waits(file: WaitingFile) -> list[Value]:
    who: list[Value] = [file.file, "", file.name, "", "waits", True]
    return [*who, *[None] * 10, file.why, None, None]


def _more_columns(questions: Sequence[QuestionResult]) -> list[str]:
    """The checks of a code question, what was measured of a quality question."""
    checks = dict.fromkeys(check.name for one in questions for check in one.checks)
    measured = [one.quality for one in questions if one.quality is not None]
    details = dict.fromkeys(name for one in measured for name in one.details)
    return [*checks, *(QUALITY if measured else []), *details]


def _answer(student: StudentResult, question: QuestionResult, more: list[str]) -> list[Value]:
    found: dict[str, Value] = {check.name: check.outcome for check in question.checks}
    if (quality := question.quality) is not None:
        found |= {"value": quality.value, "met": quality.met, "message": quality.message}
        found |= quality.details
    row: list[Value] = [student.id, student.name, question.score, question.points]
    return [
        *row,
        question.counts,
        question.outcome,
        question.found,
        question.blank,
        *(found.get(name) for name in more),
    ]


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Path:
    write_atomically(file, csv_text([csv_value(name) for name in header], rows).encode("utf-8"))
    return file
