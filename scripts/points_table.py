"""The table of points in the README, from the assignments as they are.

.venv/bin/python scripts/points_table.py            # writes it between its two marks in README.md
"""

from __future__ import annotations

from pathlib import Path

from autograder.course.assignment import Assignment, load, slugs
from autograder.publish.csv_files import csv_value

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- points: scripts/points_table.py -->\n", "<!-- end of points -->\n"
HEAD = ("assignment", "notebooks", "code questions", "by code", "by samples", "by hand", "extra")


def main() -> None:
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(with_table(text), encoding="utf-8")


def with_table(text: str) -> str:
    """The text with the table as it is now. Raises ValueError if it has no place for one."""
    above, begin, rest = text.partition(BEGIN)
    _, end, below = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the README needs the lines {BEGIN.strip()} and {END.strip()}")
    return f"{above}{BEGIN}{points_table()}{END}{below}"


def points_table() -> str:
    """A row for each assignment, by due date, and their sum; points without extra credit, but in
    the last column.
    """
    assignments = [load(slug, ROOT) for slug in slugs(ROOT)]
    assignments.sort(key=lambda one: (one.due is None, one.due, one.slug))
    rows = [_numbers(one) for one in assignments]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    names = [*(f"`{one.slug}`" for one in assignments), "all"]
    lines = [HEAD, ("---",) + ("---:",) * (len(HEAD) - 1)]
    lines += [
        (name, *(csv_value(value) for value in row)) for name, row in zip(names, rows, strict=True)
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _numbers(assignment: Assignment) -> list[float]:
    questions = list(assignment.questions.values())
    most = assignment.most_points
    return [
        len(assignment.notebooks),
        sum(one.kind == "code" for one in questions),
        most(one for one in questions if one.kind == "code"),
        most(one for one in questions if one.kind == "quality"),
        most(one for one in questions if not one.autograded),
        sum(one.points for one in questions if one.bonus),
    ]


if __name__ == "__main__":
    main()
