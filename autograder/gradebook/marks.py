"""What the gradebook holds of a class now: automatic scores, and what people typed into formgrader.

Read only. The gradebook is the source of truth for points and comments given by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.assignment import Assignment
from autograder.errors import AutograderError
from autograder.gradebook.course import open_gradebook
from autograder.intake.untrusted_text import shown

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Mark:
    """One question of one student, as the gradebook has it."""

    auto: float | None = None
    manual: float | None = None
    """What a person typed in place of the automatic score."""
    extra_credit: float | None = None
    waits: bool = True
    """Whether it needs manual grading."""
    comment: str = ""
    """What a person wrote, as it was typed. Never the automatic comment."""

    @property
    def score(self) -> float | None:
        """As nbgrader's `Grade.score`: the manual score, else the automatic one, and extra credit.
        None: there is neither.
        """
        counts = self.auto if self.manual is None else self.manual
        return None if counts is None else counts + (self.extra_credit or 0.0)


Marks = Mapping[str, Mark]
"""Of one student, by question."""


def read_marks(file: Path, assignment: Assignment) -> dict[str, Marks]:
    """By student id, the marks of everybody whose submission is in the gradebook.

    Raises AutograderError that names the file when it is missing, locked or no gradebook.
    """
    from sqlalchemy.exc import SQLAlchemyError

    if not file.is_file():
        raise AutograderError(
            f"{shown(file)} is missing: it has the points and comments given by hand. Run "
            "`autograder grade` with the same --out again"
        )
    try:
        with open_gradebook(file) as gradebook:
            marks = marks_in(gradebook, assignment)
            for student, question, text in _comments(gradebook, assignment.slug):
                known = marks.setdefault(student, {}).get(question, Mark())
                marks[student][question] = replace(known, comment=text)
    except SQLAlchemyError as error:
        raise AutograderError(
            f"{shown(file)} cannot be read. Close what uses it, and try again", detail=str(error)
        ) from error
    return {student: found for student, found in marks.items()}


def marks_in(gradebook: Gradebook, assignment: Assignment) -> dict[str, dict[str, Mark]]:
    """By student id, the marks of everybody, without comments."""
    from nbgrader.api import Assignment as Row
    from nbgrader.api import BaseCell, Grade, SubmittedAssignment, SubmittedNotebook

    questions = {
        f"test_{each.name}" if each.autograded else each.name: each.name
        for each in assignment.questions.values()
    }

    rows = (
        gradebook.db.query(
            SubmittedAssignment.student_id,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(Row, Row.id == SubmittedAssignment.assignment_id)
        .filter(Row.name == assignment.slug)
    )
    marks: dict[str, dict[str, Mark]] = {}
    for student, cell, auto, manual, extra, waits in rows:
        known = marks.setdefault(student, {})
        if cell in questions:
            known[questions[cell]] = Mark(auto, manual, extra, bool(waits))
    return marks


def _comments(gradebook: Gradebook, slug: str) -> list[tuple[str, str, str]]:
    """Student, question and text of what people wrote."""
    from nbgrader.api import Assignment, BaseCell, Comment, SubmittedAssignment, SubmittedNotebook

    rows = (
        gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, Comment.manual_comment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Comment, Comment.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == slug)
    )
    return [(student, cell, text) for student, cell, text in rows if text]
