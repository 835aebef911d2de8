"""The class report as one HTML page that opens from disk. Tables sort and filter by a few lines of
script, which the page's policy knows by their digest; without scripts they are read as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.intake.untrusted_text import clean
from autograder.publish.class_report import pictures
from autograder.publish.class_report.content import ClassReport, Who
from autograder.publish.class_report.explained import Explained
from autograder.publish.html_page import render_page

HERE = Path(__file__).resolve().parent
NOTHING = "–"
"""What stands for a number that is not known."""
MOST_FAILING = 40
"""Checks on the page; the CSV file has all of them."""


def render(report: ClassReport) -> str:
    """The page as HTML."""
    values = {
        "report": report,
        "most_failing": MOST_FAILING,
        "pictures": pictures,
    }
    return render_page(HERE, values, FILTERS)


def number(value: float | None, digits: int = 2) -> str:
    """With at most so many digits after the point."""
    return NOTHING if value is None else f"{round(value, digits) + 0.0:.12g}"


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.0%}"


def time(utc: str) -> str:
    """`2026-12-15T22:10:00Z` as `2026-12-15 22:10 UTC`."""
    return f"{utc[:16].replace('T', ' ')} UTC" if utc else "unknown"


def who_of(one: Explained) -> Who:
    """The student whose loss is explained."""
    student = one.student.standing.student
    return Who(clean(student.id, 120), clean(student.name, 120))


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "percent": percent,
    "time": time,
    "who": who_of,
}
