"""The tables that a run prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from autograder.class_run.class_results import ClassResults, StudentResult
from autograder.intake.untrusted_text import clean
from autograder.publish.csv_files import csv_value
from autograder.report import Totals

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from autograder.class_run.changes import Change


STATUS_STYLE = {"graded": "green", "rejected": "red", "ungraded": "yellow"}


def class_table(results: ClassResults) -> Table:
    """The table that a run ends with: a row for each student of the class. A column (parts,
    bonus, late) with nothing in it is left out.

    Untrusted text is shown without markup or control characters.
    """
    from rich.table import Column, Table
    from rich.text import Text

    columns = [
        Column("student", overflow="fold"),
        Column("id", overflow="fold"),
        Column("file", overflow="fold"),
        Column("parts"),
        Column("status"),
        Column("score", justify="right"),
        Column("bonus", justify="right"),
        Column("to mark"),
        Column("late", justify="right"),
        Column("message", overflow="fold"),
    ]
    rows: list[list[Text | str]] = []
    for student in results.students:
        totals = student.totals
        rejected = student.status == "rejected"
        rows.append(
            [
                Text(clean(student.name or student.id, 60)),
                Text(clean(student.id, 60)),
                Text(clean(student.file, 120)),
                _parts(student, results),
                Text(student.status, style=STATUS_STYLE.get(student.status, "")),
                "" if rejected else f"{csv_value(totals.auto)} / {csv_value(totals.auto_max)}",
                csv_value(totals.bonus) if totals.bonus else "",
                _to_mark(student),
                late(student),
                Text(clean(student.message, 300)),
            ]
        )
    used = [
        index
        for index, column in enumerate(columns)
        if column.header not in ("parts", "bonus", "late") or any(str(row[index]) for row in rows)
    ]
    table = Table(
        *(columns[index] for index in used), title=f"Class: {clean(results.assignment, 60)}"
    )
    for row in rows:
        table.add_row(*(row[index] for index in used))
    return table


def class_notes(results: ClassResults) -> list[Text]:
    """What stands below the table, a line each: which file counts where a student has several, what
    needs manual review, and who of the roster handed nothing in."""
    from rich.text import Text

    lines: list[str] = []
    groups: list[str] = []
    for student in results.students:
        who = student.name or student.id
        for part, one in (student.parts or {"": student}).items():
            label = f"{who}, {part}" if part else who
            if one.others:
                others = "; ".join(f"{other.file} ({other.why})" for other in one.others)
                lines.append(f"{label}: {one.file} counts ({one.why}). Not: {others}")
            if one.handed_in_by:
                groups.append(f"{label}: {one.file} ({one.why})")
    odd = [
        f"{one.file}: counts for {one.id}; {one.look_at}" for one in results.students if one.look_at
    ]
    waiting = [one.why for one in results.waiting]
    noted = [f"{one.name or one.id}: {one.notes}" for one in results.students if one.notes]
    shown = {
        "several files": lines,
        "groups": groups,
        "notes": noted,
        "to check": odd,
    }
    for part, due in results.parts.items():
        if absent := [one.id for one in results.students if part not in one.parts]:
            shown[f"part {part} not handed in ({len(absent)}, due {due})"] = [", ".join(absent)]
    people = [f"{one.id} {one.name}".strip() for one in results.without_submission]
    if people:
        shown[f"no submission ({len(people)} of the roster)"] = people
    if waiting:
        shown["waits for manual review"] = waiting
    return [
        Text(line)
        for title, items in shown.items()
        if items
        for line in (f"{title}:", *(f"  {clean(item, 500)}" for item in items))
    ]


def late(student: StudentResult) -> str:
    """`1 d 2 h, -20%`; `yes` where only the learning platform's mark is known. Of an assignment
    with parts, each one that is late.
    """
    told = {name: late(one) for name, one in student.parts.items()}
    if told:
        return "; ".join(f"{name}: {text}" for name, text in told.items() if text)
    if not student.late_s:
        return "yes" if student.late else ""
    lost = f", -{student.late_penalty:.0%}" if student.late_penalty else ""
    return duration(student.late_s) + lost


def duration(seconds: float) -> str:
    """`3 d 4 h`, `2 h 5 min`, `1 min`: never less than a minute."""
    minutes = max(1, round(seconds / 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [(days, "d"), (hours, "h"), (minutes % 60, "min")]
    shown = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(shown[:2])


def changes_table(changes: Iterable[Change]) -> Table:
    """Whose score moved: a row per question, with the checks that moved it. Untrusted text without
    markup or control characters.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Scores that changed", title_justify="left")
    for column in ("student", "question"):
        table.add_column(column)
    for column in ("before", "after", "by"):
        table.add_column(column, justify="right")
    table.add_column("check", overflow="fold")
    for change in changes:
        table.add_row(
            Text(clean(change.name or change.id or change.file, 60)),
            Text(clean(change.question, 60) or "(all)"),
            _points(change.before),
            _points(change.after) if change.question else "none",
            f"{change.after - change.before:+g}"
            if change.before is not None and change.after is not None
            else "",
            Text(clean(_why(change), 400)),
        )
    return table


def _points(score: float | None) -> str:
    return "waits" if score is None else csv_value(score)


def _why(change: Change) -> str:
    """The checks that moved a score, each with its outcomes; where no check did, why it was graded
    again.
    """
    moved = [
        f"{check.name} ({check.title}): {check.before or 'absent'} -> {check.after or 'absent'}"
        if check.before != check.after
        else f"{check.name} ({check.title}): another weight"
        for check in change.checks
    ]
    return "; ".join(moved) or change.why


def _parts(student: StudentResult, results: ClassResults) -> str:
    """What each part has by the checks, a line each: `losses 3 / 5`, `variants -`."""
    lines = []
    for name in results.parts:
        one = student.parts.get(name)
        scored = one is not None and one.status != "rejected"
        totals = one.totals if one else Totals()
        told = f"{csv_value(totals.auto)} / {csv_value(totals.auto_max)}" if scored else "-"
        lines.append(f"{name} {told}")
    return "\n".join(lines)


def _to_mark(student: StudentResult) -> str:
    """How many questions a person still has to grade, and their points (bonus not counted)."""
    points = csv_value(student.to_mark_points)
    return f"{student.to_mark} ({points} points)" if student.to_mark else ""
