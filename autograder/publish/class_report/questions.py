"""The statistics of each question of a class, from where its students stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.course.points import left_out
from autograder.intake.untrusted_text import clean
from autograder.publish.class_report.class_statistics import (
    MAX_TITLE_CHARS,
    CheckStatistics,
    Discrimination,
    Spread,
    check_statistics,
    discrimination,
    rest_scores,
    spread,
)
from autograder.publish.standing import SAME, Standing
from autograder.publish.told import NOT_RUN
from autograder.report import QuestionResult


@dataclass(frozen=True)
class Scored:
    """One question of one student. `score` is None while it waits for a person."""

    question: QuestionResult
    score: float | None

    @property
    def blank(self) -> bool:
        return self.question.blank

    @property
    def could_not_run(self) -> bool:
        """Whether its cell could not be run, or its code hung or crashed in a check."""
        lost = any(check.lost_worker for check in self.question.checks)
        return lost or any(NOT_RUN in note for note in self.question.notes)


@dataclass(frozen=True)
class Student:
    """A student whose submission counts and could be opened."""

    standing: Standing
    answers: dict[str, Scored]
    """By question."""

    @property
    def automatic(self) -> dict[str, float] | None:
        """The points of each question that nobody has to mark, bonus left out, 0 where they do not
        count; None while one of them waits.
        """
        found = {
            name: one.score
            for name, one in self.answers.items()
            if one.question.autograded and not one.question.bonus
        }
        out = left_out(self.standing.choices, found)
        scored = {
            name: 0.0 if name in out else score
            for name, score in found.items()
            if score is not None
        }
        return scored if len(scored) == len(found) else None


@dataclass(frozen=True)
class QuestionStatistics:
    """One question over all submissions that count and could be opened."""

    name: str
    title: str
    notebook: str
    kind: str
    points: float
    bonus: bool
    choice: bool
    """Whether students may leave it out for others."""
    n_answered: int
    n_blank: int
    n_scored: int
    n_waiting: int
    n_full: int
    n_nothing: int
    mean: float | None
    """None as well where only blank answers have points yet."""
    discrimination: Discrimination
    checks: list[CheckStatistics]
    """Over the answers that are not blank."""
    seconds: Spread | None
    """Of its checks."""

    @property
    def difficulty(self) -> float | None:
        """The mean as a share of the points."""
        return None if self.mean is None or not self.points else self.mean / self.points

    @property
    def full_share(self) -> float | None:
        return self.n_full / self.n_scored if self.n_scored else None

    @property
    def n_partly(self) -> int:
        return self.n_scored - self.n_full - self.n_nothing


def student_of(standing: Standing) -> Student | None:
    """None where the file could not be opened. Scores are the gradebook's if it was read, else the
    report's; a blank answer that a person would mark has 0.
    """
    if standing.answered:
        answers = [Scored(one.question, one.score) for one in standing.answered]
    else:
        answers = [Scored(one, _score(one)) for one in standing.report.questions]
    if not answers:
        return None
    return Student(standing, {one.question.name: one for one in answers})


def _score(question: QuestionResult) -> float | None:
    if question.score is None and question.outcome == "manual" and question.blank:
        return 0.0
    return question.score


def question_statistics(students: Sequence[Student], name: str) -> QuestionStatistics:
    """Raises ValueError when no student has the question. Of a question that students may leave
    out, blank answers have no score.
    """
    found = [(one, one.answers[name]) for one in students if name in one.answers]
    if not found:
        raise ValueError(f"no submission has the question {name}")
    question = found[0][1].question
    answers = [answer for _, answer in found]
    optional = any(name in choice.questions for choice in students[0].standing.choices)
    scored = [one for one in answers if one.score is not None and not (optional and one.blank)]
    if len(scored) < len(answers) and all(one.blank for one in scored):
        scored = []  # nobody has marked anything yet
    scores = [one.score for one in scored if one.score is not None]
    judged = [one.question.checks for one in answers if not one.blank and one.question.checks]
    return QuestionStatistics(
        name=name,
        title=clean(question.title, MAX_TITLE_CHARS),
        notebook=question.notebook,
        kind=question.kind,
        points=question.points,
        bonus=question.bonus,
        choice=optional,
        n_answered=sum(not one.blank for one in answers),
        n_blank=sum(one.blank for one in answers),
        n_scored=len(scores),
        n_waiting=sum(one.score is None for one in answers),
        n_full=sum(score >= question.points - SAME for score in scores),
        n_nothing=sum(score < SAME for score in scores),
        mean=sum(scores) / len(scores) if scores else None,
        discrimination=_discrimination(found, name)
        if scores
        else Discrimination(None, "no answer is scored yet"),
        checks=check_statistics(judged),
        seconds=spread([sum(check.seconds for check in checks) for checks in judged]),
    )


def _discrimination(found: Sequence[tuple[Student, Scored]], name: str) -> Discrimination:
    """Over the students whose automatic points are all known."""
    scores, rest = [], []
    for student, answer in found:
        automatic = student.automatic
        if answer.score is not None and automatic is not None:
            scores.append(answer.score)
            rest.append(rest_scores(automatic, name))
    return discrimination(scores, rest)
