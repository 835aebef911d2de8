"""Where each student of a class stands: the report that counts, joined with the points and
comments that the gradebook has. Feedback and grades for learning platforms are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.class_run.by_part import put_together
from autograder.class_run.class_results import CLASS, ClassResults, StudentResult, read_class
from autograder.class_run.results_folder import REPORT
from autograder.course.assignment import Assignment
from autograder.course.parts import part_of, parts_with
from autograder.course.points import Choice, add_counted, add_points, left_out, still_to_come
from autograder.errors import AutograderError, UsageError
from autograder.gradebook.marks import Mark, Marks, read_marks
from autograder.intake.untrusted_text import shown
from autograder.report import QuestionResult, Report, read

GRADEBOOK = "gradebook.db"
SAME = 1e-9
"""Points that differ by less are the same."""


@dataclass(frozen=True)
class Answered:
    """One question of one student, with its mark."""

    question: QuestionResult
    mark: Mark
    beyond: Choice | None = None
    """The choice beyond whose best questions it is, so that it does not count."""

    @property
    def score(self) -> float | None:
        """Points that the gradebook has; None while the question waits for a mark."""
        return None if self.waits else self.mark.score

    @property
    def waits(self) -> bool:
        return self.mark.waits or self.mark.score is None

    @property
    def by_hand(self) -> bool:
        """Whether a person gave the points."""
        return not self.waits and (
            self.mark.manual is not None
            or (not self.question.autograded and not self.question.blank)
            or (self.question.bonus and bool(self.mark.extra_credit) and not self._bonus_by_checks)
        )

    @property
    def _bonus_by_checks(self) -> bool:
        return self.question.autograded and self.mark.extra_credit == self.question.score


@dataclass(frozen=True)
class Standing:
    """One student. `answered` is empty where the file could not be graded."""

    student: StudentResult
    report: Report
    answered: list[Answered] = field(default_factory=list)
    doubt: str = ""
    """Why a person has to look at the file before its points are passed on; empty: settled."""
    choices: tuple[Choice, ...] = ()
    """Of the assignment."""
    absent: dict[str, float] = field(default_factory=dict)
    """Of an assignment with parts those without a result, and what each is worth (no bonus)."""

    @property
    def earned(self) -> float:
        """The points that count, bonus included."""
        return sum(one.mark.score or 0.0 for one in self.answered if one.beyond is None)

    @property
    def maximum(self) -> float:
        """Points that a student can have without bonus questions, in absent parts as well."""
        return add_points([add_counted(self.choices, self._points()), *self.absent.values()])

    @property
    def still_to_come(self) -> float:
        """What the questions that wait can add, bonus left out."""
        points = self._points()
        scores = {one.question.name: one.score for one in self.answered}
        return still_to_come(self.choices, {name: scores[name] for name in points}, points)

    def _points(self) -> dict[str, float]:
        usual = [one.question for one in self.answered if not one.question.bonus]
        return {question.name: question.points for question in usual}

    @property
    def lost(self) -> float:
        """Points that the late policy takes away; of an assignment with parts, from each part."""
        if self.student.parts:
            return sum(self.of_part(name).lost for name in self.student.parts)
        return self.earned * self.student.late_penalty

    @property
    def total(self) -> float:
        return self.earned - self.lost

    def of_part(self, name: str) -> Standing:
        """Where the student stands in one part that was handed in."""
        part = self.student.parts[name]
        answered = [one for one in self.answered if one.question.notebook in part.notebooks]
        return Standing(part, self.report, answered, choices=self.choices)

    @property
    def waiting(self) -> list[Answered]:
        """Questions that a person still has to mark."""
        return [one for one in self.answered if one.waits]


@dataclass(frozen=True)
class ClassStandings:
    """A class: who stands where, and the results that say who is who."""

    results: ClassResults
    standings: list[Standing]


def class_standings(
    out: Path, assignment: Assignment, *, with_marks: bool = True
) -> ClassStandings:
    """The class as `autograder grade --out OUT` and the people at formgrader have left it.

    with_marks: read the gradebook; without it no question has points. Raises UsageError when
    nothing was graded into `out`, AutograderError that names the file when a report, the class or
    the gradebook cannot be read, or when the gradebook is older than the reports.
    """
    folder = out / "results" / assignment.slug
    if not (folder / CLASS).is_file():
        raise UsageError(
            f"{shown(folder)} has no {CLASS}: run `autograder grade ... --out {shown(out)}` first, "
            "or name the folder that it wrote to with --out"
        )
    results = read_class(folder / CLASS)
    marks = read_marks(out / GRADEBOOK, assignment) if with_marks else {}
    doubts = {one.folder: one.why for one in results.waiting}
    parts = {name: part_of(assignment, name) for name in assignment.parts}
    standings = []
    for student in results.students:
        reports = {name: _report(folder / name / REPORT) for name in student.folders}
        report = put_together(student, reports) if student.parts else reports[student.folder]
        answered = []
        if with_marks and report.status != "rejected":
            found = marks.get(student.id)
            _check_recorded(student, report, found, out)
            answered = _answered(report, found or {}, assignment)
        doubt = next((doubts[name] for name in student.folders if name in doubts), "")
        there = parts_with(assignment, {one.notebook for one in report.questions})
        absent = {
            name: part.max_points
            for name, part in parts.items()
            if student.parts and name not in there
        }
        standings.append(Standing(student, report, answered, doubt, assignment.choices, absent))
    return ClassStandings(results, standings)


def _answered(report: Report, marks: Marks, assignment: Assignment) -> list[Answered]:
    found = {question.name: marks.get(question.name, Mark()) for question in report.questions}
    blank = {question.name for question in report.questions if question.blank}
    beyond = left_out(assignment.choices, {name: mark.score for name, mark in found.items()}, blank)
    return [
        Answered(question, found[question.name], beyond.get(question.name))
        for question in report.questions
    ]


def _report(file: Path) -> Report:
    try:
        return read(file)
    except (OSError, msgspec.MsgspecError) as error:
        raise AutograderError(
            f"{shown(file)} cannot be read ({shown(str(error))}). Grade this submission again"
        ) from error


def _check_recorded(student: StudentResult, report: Report, found: Marks | None, out: Path) -> None:
    """Raise AutograderError unless the gradebook has this report's scores."""
    again = (
        "Close what uses the gradebook, run the same `autograder grade` again, then this command"
    )
    if not report.questions:
        return
    if found is None:
        raise AutograderError(f"{shown(out / GRADEBOOK)} has nothing on {student.id}. {again}")
    for question in report.questions:
        mark = found.get(question.name)
        if mark is None:
            raise AutograderError(
                f"{shown(out / GRADEBOOK)} has no question {question.name} for {student.id}. "
                f"{again}"
            )
        if question.autograded and not question.bonus and _differ(mark, question):
            raise AutograderError(
                f"{shown(out / GRADEBOOK)} has {mark.auto:g} points for {question.name} of "
                f"{student.id}, the report {question.score:g}. {again}"
            )


def _differ(mark: Mark, question: QuestionResult) -> bool:
    if mark.auto is None or question.score is None:
        return False
    return abs(mark.auto - min(max(question.score, 0.0), question.points)) > SAME
