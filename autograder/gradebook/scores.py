"""One report into the rows of nbgrader's gradebook: student, submission, a grade and a comment per
cell. Nothing is committed here.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from autograder.course.points import CELL
from autograder.intake.untrusted_text import clean
from autograder.publish.told import told
from autograder.report import QuestionResult, Report
from autograder.report import Student as ReportStudent

if TYPE_CHECKING:
    from nbgrader.api import (
        Assignment,
        BaseCell,
        Comment,
        Grade,
        Gradebook,
        Student,
        SubmittedAssignment,
    )

NO_RESPONSE = "No response."  # nbgrader's own words for an unchanged answer cell


def clean_name(name: str) -> str:
    """A name of letters, digits, spaces and `.'’-`: formgrader shows names without escaping, and
    nbgrader's export does not quote them.
    """
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" or char in ".'’-" else " " for char in name
    )
    return " ".join(kept.split()).lstrip("-.'’ ")[:120]


def student_row(gradebook: Gradebook, student: ReportStudent) -> Student:
    """The student's row. A name that is already there stays: it comes from the class list or from a
    person.
    """
    from nbgrader.api import Student

    row = gradebook.db.get(Student, student.id)
    if row is None:
        row = Student(id=student.id)
        gradebook.db.add(row)
    if not row.first_name and not row.last_name:
        first, _, last = clean_name(student.name).rpartition(" ")
        row.first_name, row.last_name = first or None, last or None
    return row


@dataclass
class NewGrade:
    """A row of nbgrader's `Grade` that is not in the database yet."""

    cell: BaseCell
    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None
    needs_manual_grade: bool = True


@dataclass
class NewComment:
    """A row of nbgrader's `Comment` that is not in the database yet."""

    cell: BaseCell
    auto_comment: str | None = None


@dataclass
class NewNotebook:
    """A row of nbgrader's `SubmittedNotebook` that is not in the database yet."""

    name: str
    notebook_id: str
    grades: list[NewGrade]
    comments: list[NewComment]


@dataclass
class NewSubmission:
    """What `Gradebook.add_submission` makes. Inserted table by table: hundreds of objects of its
    session would take five times as long.
    """

    assignment: Assignment
    student: Student
    notebooks: list[NewNotebook]
    timestamp: datetime | None = None

    def insert(self, gradebook: Gradebook) -> None:
        from nbgrader.api import Comment, Grade, SubmittedAssignment, SubmittedNotebook, new_uuid
        from sqlalchemy import insert

        gradebook.db.flush()  # the student's own row first
        submission = {
            "id": new_uuid(),
            "assignment_id": self.assignment.id,
            "student_id": self.student.id,
            "timestamp": self.timestamp,
        }
        notebooks: list[dict[str, Any]] = []
        grades: list[dict[str, Any]] = []
        comments: list[dict[str, Any]] = []
        for new in self.notebooks:
            notebooks.append(
                {
                    "id": new_uuid(),
                    "assignment_id": submission["id"],
                    "notebook_id": new.notebook_id,
                }
            )
            for rows, cells in ((grades, new.grades), (comments, new.comments)):
                for one in cells:
                    values = {name: value for name, value in vars(one).items() if name != "cell"}
                    rows.append(
                        values
                        | {
                            "id": new_uuid(),
                            "notebook_id": notebooks[-1]["id"],
                            "cell_id": one.cell.id,
                        }
                    )
        for table, rows in (
            (SubmittedAssignment, [submission]),
            (SubmittedNotebook, notebooks),
            (Grade, grades),
            (Comment, comments),
        ):
            if rows:
                gradebook.db.execute(insert(table), rows)


def submission_row(
    gradebook: Gradebook, slug: str, student: Student
) -> SubmittedAssignment | NewSubmission:
    """The student's submission with a row per grade and comment; a new one is still to be
    inserted.
    """
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_submission(slug, student.id)
    except MissingEntry:
        pass
    assignment = gradebook.find_assignment(slug)
    notebooks = [
        NewNotebook(
            notebook.name,
            notebook.id,
            [NewGrade(cell) for cell in notebook.grade_cells],
            [NewComment(cell) for cell in notebook.solution_cells],
        )
        for notebook in assignment.notebooks
    ]
    return NewSubmission(assignment, student, notebooks)


def recorded_scores(gradebook: Gradebook, slug: str, student: str = "") -> dict[str, str]:
    """By student id, a digest of the automatic scores that the database has for an assignment (of
    one student, or of all), without the cells of choices.
    """
    from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook

    query = (
        gradebook.db.query(
            SubmittedAssignment.student_id, BaseCell.notebook_id, BaseCell.name, Grade.auto_score
        )
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == slug, ~BaseCell.name.startswith(CELL))
    )
    if student:
        query = query.filter(SubmittedAssignment.student_id == student)
    rows: dict[str, list[str]] = defaultdict(list)
    for student_id, *row in query:
        rows[student_id].append(repr(tuple(row)))
    return {
        student_id: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
        for student_id, lines in rows.items()
    }


def write_scores(
    submission: SubmittedAssignment | NewSubmission,
    report: Report,
    given: Mapping[str, Set[float]],
    resubmitted: Set[str],
    absent: Set[str] = frozenset(),
) -> tuple[dict[str, float], list[str]]:
    """Put the report's scores into the submission's rows.

    given: the bonus points that earlier recordings may have given, by question. resubmitted: the
    notebooks of which people graded another file so far; their scores stay, but the cells wait for
    a second look. absent: notebooks of parts that were not handed in; nobody has to look at them.
    Returns the bonus points given now, and a sentence on each score that could not be used (its
    cell then needs manual review).
    """
    extra_credit: dict[str, float] = {}
    notes: list[str] = []
    unknown: list[str] = []
    by_cell = {
        (question.notebook, _grade_cell(question)): question for question in report.questions
    }
    by_name = {(question.notebook, question.name): question for question in report.questions}
    for notebook in submission.notebooks:
        again = notebook.name in resubmitted
        for grade in notebook.grades:
            if grade.cell.name.startswith(CELL):
                continue  # gradebook/choices.py, once all scores are there
            if notebook.name in absent:
                if grade.extra_credit in given.get(grade.cell.name.removeprefix("test_"), ()):
                    grade.extra_credit = None
                _settle(grade, None, waits=False, resubmitted=again)
                continue
            question = by_cell.get((notebook.name, grade.cell.name))
            if question is None:
                unknown.append(grade.cell.name)
                _settle(grade, None, waits=True, resubmitted=again)
                continue
            score, problem = _usable_score(question, grade.cell.max_score)
            if problem:
                notes.append(f"{report.file}: {question.name}: {problem}; it needs manual review")
            if question.bonus and question.autograded:
                _settle_bonus(
                    grade, score, given.get(question.name, frozenset()), resubmitted=again
                )
                if score is not None:
                    extra_credit[question.name] = score
            elif question.bonus:
                # Zero, not None: formgrader then takes the cell as graded as soon as extra credit
                # is typed, without a score beside it.
                _settle(grade, 0.0, waits=not question.blank, resubmitted=again)
            else:
                _settle(grade, score, waits=score is None, resubmitted=again)
        for comment in notebook.comments:
            _comment(comment, by_name.get((notebook.name, comment.cell.name)))
    if unknown:
        notes.append(
            f"{report.file}: the report has nothing on {', '.join(unknown)}. Grade them manually"
        )
    return extra_credit, notes


def _grade_cell(question: QuestionResult) -> str:
    return f"test_{question.name}" if question.autograded else question.name


def _usable_score(question: QuestionResult, cell_points: float) -> tuple[float | None, str]:
    """The automatic score, or None where a person has to give it; and what is wrong with a score
    that may not enter the gradebook.
    """
    if not question.autograded:
        return (
            0.0 if question.blank else None
        ), ""  # as nbgrader: an untouched answer is worth nothing and needs no reader
    if question.score is None or question.outcome == "ungraded":
        return None, ""
    if not question.bonus and question.points != cell_points:
        return (
            None,
            f"graded for {question.points:g} points, but the gradebook says {cell_points:g}",
        )
    if not math.isfinite(question.score) or not -1e-9 <= question.score <= question.points + 1e-9:
        return None, f"a score of {question.score} is not in 0 to {question.points:g}"
    return min(max(question.score, 0.0), question.points), ""


def _settle(grade: Grade | NewGrade, auto: float | None, *, waits: bool, resubmitted: bool) -> None:
    """Renew the automatic score. Where a person has graded, the cell waits again only if what they
    saw is no longer so.
    """
    by_person = grade.manual_score is not None or grade.extra_credit is not None
    changed = grade.auto_score != auto
    grade.auto_score = auto
    grade.needs_manual_grade = (
        (grade.needs_manual_grade or changed or resubmitted) if by_person else waits
    )


def _settle_bonus(
    grade: Grade | NewGrade, bonus: float | None, given: Set[float], *, resubmitted: bool
) -> None:
    """Bonus points are extra credit on a cell worth nothing. Extra credit other than what was
    `given` here is a person's: it stays.
    """
    typed = grade.manual_score is not None or (
        grade.extra_credit is not None and grade.extra_credit not in given
    )
    grade.auto_score = 0.0
    if typed:
        same = bonus in given or (bonus is None and not given)
        grade.needs_manual_grade = grade.needs_manual_grade or not same or resubmitted
    else:
        grade.extra_credit = bonus
        grade.needs_manual_grade = bonus is None


def _comment(comment: Comment | NewComment, question: QuestionResult | None) -> None:
    """The automatic comment: what a student reads of the question (publish/told.py), in which only
    what their own code raised is theirs: clean, and without the start of a tag.
    """
    if question is not None and question.blank:
        comment.auto_comment = NO_RESPONSE
        return
    lines = [clean(line, 600).replace("<", "\u2039") for line in told(question)] if question else []
    lost = question is not None and any(check.outcome == "failed" for check in question.checks)
    head = ["Not yet:", ""] if lost else []
    comment.auto_comment = "\n".join([*head, *(f"- {line}" for line in lines)]) or None
