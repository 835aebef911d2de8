"""The course's choices of questions in nbgrader's sums.

nbgrader adds up every cell of an assignment and knows no rule. So each choice has a cell of its
own, whose maximum and score are below 0: they take away what does not count, and nbgrader's sums
and maxima are ours. The questions keep their own points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.course.assignment import Assignment
from autograder.course.points import add_points, left_out
from autograder.gradebook.marks import marks_in
from autograder.publish.told import BEYOND, not_counted

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


def write_choices(gradebook: Gradebook, assignment: Assignment) -> None:
    """Set the score of each choice's cell, of every submission, by the points that the gradebook
    has now, those given by hand included; and write to each question that does not count why.

    Only what changes is written, and nothing that a person typed is touched, but for a score typed
    into the cell itself.
    """
    from nbgrader.api import Comment, Grade
    from sqlalchemy import update

    if not assignment.choices:
        return
    grades, comments = [], []
    taken = _taken(gradebook, assignment)
    wanted = {key: (lost, None, None, False) for key, (lost, _) in taken.items()}
    for student, cell, row, *now in _rows(gradebook, assignment, Grade):
        if (new := wanted.get((student, cell), tuple(now))) != tuple(now):
            columns = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
            grades.append({"id": row, **dict(zip(columns, new, strict=True))})
    by_question = {name: choice for choice in assignment.choices for name in choice.questions}
    for student, name, row, text in _rows(gradebook, assignment, Comment):
        if choice := by_question.get(name):
            _, out = taken.get((student, choice.cell), (0.0, set()))
            said = _with(text, not_counted(choice, blank=False), there=name in out)
            if said != text:
                comments.append({"id": row, "auto_comment": said})
    for table, rows in ((Grade, grades), (Comment, comments)):
        if rows:
            gradebook.db.execute(update(table), rows)
    gradebook.db.commit()


def _taken(
    gradebook: Gradebook, assignment: Assignment
) -> dict[tuple[str, str], tuple[float, set[str]]]:
    """By student and cell of a choice: what is taken away (0 or less), and from which questions."""
    found = {}
    for student, marks in marks_in(gradebook, assignment).items():
        scores = {name: mark.score for name, mark in marks.items()}
        out = left_out(assignment.choices, scores)
        for choice in assignment.choices:
            names = {name for name in out if out[name] is choice and scores[name]}
            lost = add_points(scores[name] or 0.0 for name in names)
            found[student, choice.cell] = 0.0 - lost, names
    return found


def _rows(gradebook: Gradebook, assignment: Assignment, table: Any) -> list[tuple[Any, ...]]:
    """Student, cell, id and values of the rows of Grade or Comment that belong to a choice."""
    from nbgrader.api import Assignment as AssignmentRow
    from nbgrader.api import BaseCell, Grade, SubmittedAssignment, SubmittedNotebook

    if table is Grade:
        names = [choice.cell for choice in assignment.choices]
        values = [
            *(Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
        ]
    else:
        names = [name for choice in assignment.choices for name in choice.questions]
        values = [table.auto_comment]
    query = (
        gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, table.id, *values)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(table, table.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .join(AssignmentRow, AssignmentRow.id == SubmittedAssignment.assignment_id)
        .filter(AssignmentRow.name == assignment.slug, BaseCell.name.in_(names))
    )
    return [tuple(row) for row in query]


def _with(comment: str | None, said: str, *, there: bool) -> str | None:
    """An automatic comment that begins with `said`, or no longer does."""
    paragraphs = (comment or "").split("\n\n")
    rest = "\n\n".join(one for one in paragraphs if not one.startswith(BEYOND))
    return "\n\n".join(filter(None, [said if there else "", rest])) or None
