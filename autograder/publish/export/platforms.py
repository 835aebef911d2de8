"""How each learning platform wants its file: columns, their titles, quoting (docs/export.md has the
sources).

A platform matches a row by one column. Which of our columns that is, the course says; it is never
guessed: `canvas_id` is Canvas's own number, `id` is what the university calls a student.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.errors import UsageError
from autograder.intake.untrusted_text import clean
from autograder.publish.csv_files import csv_value

PlatformName = Literal["canvas", "moodle", "blackboard", "brightspace"]
MOODLE_MAX = 100
"""Moodle refuses a whole file for one grade above it, unless its `unlimitedgrades` is on."""


@dataclass(frozen=True)
class Line:
    """One student of the file: what the platform knows them by, and their points."""

    who: str
    points: float


@dataclass(frozen=True)
class PlatformFile:
    """`match`: by our column (of the roster), the platform's title for it; the first is the
    default.
    """

    name: PlatformName
    match: Mapping[str, str]

    def text(self, lines: Sequence[Line], match: str, column: str, maximum: float) -> str:
        """The file. column: title of the grade item. Raises UsageError for a title that the
        platform would read as something else.
        """
        who = self.match[match]
        if self.name == "canvas":
            return _canvas(lines, who, column, maximum)
        if self.name == "moodle":
            return _csv([[who, column], *_rows(lines)])
        if self.name == "blackboard":
            return _csv([[who, column], *_rows(lines)], csv.QUOTE_ALL)
        title = column if column.endswith("Points Grade") else f"{column} Points Grade"
        rows = [[f"#{one}", points, "#"] for one, points in _rows(lines)]
        return _csv([[who, title, "End-of-Line Indicator"], *rows])


PLATFORMS: dict[str, PlatformFile] = {
    one.name: one
    for one in (
        PlatformFile(
            "canvas",
            {
                "canvas_id": "ID",
                "sis_user_id": "SIS User ID",
                "sis_login_id": "SIS Login ID",
                "id": "SIS User ID",
                "email": "SIS Login ID",
            },
        ),
        PlatformFile("moodle", {"email": "Email address", "id": "ID number"}),
        PlatformFile("blackboard", {"blackboard_id": "Username", "id": "Username"}),
        PlatformFile("brightspace", {"org_defined_id": "OrgDefinedId", "id": "OrgDefinedId"}),
    )
}

CANVAS_COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
_CANVAS_NUMBER = re.compile(r"\((\d+)\)\s*\Z")
_CANVAS_OWN = re.compile(
    r"Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override "
)


def default_column(platform: str, title: str) -> str:
    """The title of a new grade item. Raises UsageError if the assignment's own title cannot be
    one.
    """
    name = clean(title, 120)
    if platform == "canvas" and _CANVAS_NUMBER.search(name):
        raise UsageError(
            f"Canvas would read the end of {name!r} as the number of an assignment. Give the "
            'column with --column, as Canvas writes it ("Title (1234)") or without parentheses'
        )
    return name


def _canvas(lines: Sequence[Line], who: str, column: str, maximum: float) -> str:
    """Canvas falls back on the name where it does not know an id, and would then guess: so the
    column Student stays empty. A new assignment gets its points from the second row.
    """
    if _CANVAS_OWN.search(column) or column in CANVAS_COLUMNS:
        raise UsageError(
            f"Canvas has a column {column!r} of its own, and would ignore this one. Give another "
            "title with --column"
        )
    rows: list[list[str]] = [[*CANVAS_COLUMNS, column]]
    if not _CANVAS_NUMBER.search(column):
        rows.append(["    Points Possible", "", "", "", "", csv_value(maximum)])
    place = CANVAS_COLUMNS.index(who)
    for one, points in _rows(lines):
        rows.append([one if number == place else "" for number in range(5)] + [points])
    return _csv(rows)


def _rows(lines: Sequence[Line]) -> list[tuple[str, str]]:
    return [(one.who, csv_value(one.points)) for one in lines]


def _csv(rows: Sequence[Sequence[str]], quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=quoting).writerows(rows)
    return text.getvalue()
