"""The students of a class who lost points on a question, grouped by the known wrong answer that
explains it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.audit.failures import Failures, failures_of
from autograder.audit.known import KnownAnswer, known_answers
from autograder.audit.patterns import pattern_keys, read_patterns
from autograder.course.assignment import Assignment
from autograder.intake.untrusted_text import clean
from autograder.publish.class_report.class_statistics import MAX_TITLE_CHARS
from autograder.publish.class_report.misconceptions import (
    Candidate,
    KnownPatterns,
    Match,
    Sure,
    match_of,
    same_secret,
)
from autograder.publish.class_report.questions import Student
from autograder.publish.standing import SAME

MAX_TITLES = 6
SURE: tuple[Sure, ...] = ("very likely", "likely", "possible", "unknown")
"""The surest first."""


@dataclass(frozen=True)
class WrongAnswer:
    """A known wrong answer as a teacher reads it."""

    name: str
    sentence: str
    code: str


@dataclass(frozen=True)
class Explained:
    """One student's loss on one question."""

    student: Student
    failed: Failures
    match: Match


@dataclass(frozen=True)
class Group:
    """Students who fail alike, the surest first. `answers` is empty where no known wrong answer is
    named.
    """

    answers: list[WrongAnswer]
    n_alike: int
    """Known wrong answers that fit equally well."""
    students: list[Explained]
    titles: list[str]
    """Of the checks that all of them fail."""

    @property
    def share(self) -> float:
        return self.students[0].match.share

    @property
    def by_sure(self) -> dict[Sure, int]:
        """How many students, by how sure it is, the surest first."""
        counts = Counter(one.match.sure for one in self.students)
        return {sure: counts[sure] for sure in SURE if counts[sure]}


@dataclass(frozen=True)
class QuestionMisconceptions:
    """One question. n_could_not_run: answers that could not be run, hung or crashed. `note`: why
    nothing, or not everything, is explained.
    """

    name: str
    title: str
    groups: list[Group]
    n_could_not_run: int
    n_known: int
    note: str = ""

    @property
    def named(self) -> list[Group]:
        return [one for one in self.groups if one.answers]

    @property
    def unnamed(self) -> list[Group]:
        """Several students who fail alike, and no known wrong answer explains it."""
        return [one for one in self.groups if not one.answers and len(one.students) > 1]

    @property
    def alone(self) -> list[Group]:
        """Single students who fail like nobody else."""
        return [one for one in self.groups if not one.answers and len(one.students) == 1]

    @property
    def n_lost(self) -> int:
        return sum(len(one.students) for one in self.groups)

    @property
    def n_named(self) -> int:
        return sum(len(one.students) for one in self.groups if one.answers)


@dataclass(frozen=True)
class _Compared:
    """A student's failures, and the known wrong answers, the likeliest first."""

    student: Student
    failed: Failures
    ranked: list[Candidate]


class Explainer:
    """What is known of an assignment's wrong answers, for one class. Raises as `read_patterns` and
    `known_answers` do.
    """

    def __init__(self, root: Path, assignment: Assignment, students: Sequence[Student]) -> None:
        self.assignment = assignment
        self._students = students
        self._keys = pattern_keys(root, assignment)
        self._kept = read_patterns(root, assignment.slug).questions
        self._answers = {one.name: one for one in known_answers(root, assignment)}
        self._patterns = {name: self._known(name) for name in assignment.questions}
        self._compared = {name: list(self._compare(name)) for name in assignment.questions}
        likeliest = (one.ranked[:1] for found in self._compared.values() for one in found)
        self._same_secret = same_secret(best for ranked in likeliest for best in ranked)

    @property
    def missing(self) -> list[str]:
        """Questions with known wrong answers whose patterns are missing or out of date."""
        return [
            name
            for name, key in self._keys.items()
            if name not in self._kept or self._kept[name].key != key
        ]

    def explain(self, name: str) -> QuestionMisconceptions | None:
        """None where nobody lost points to a hidden check of the question."""
        lost = [one for one in self._students if _lost_to_checks(one, name)]
        if not lost:
            return None
        explained = [
            Explained(one.student, one.failed, self._match(one)) for one in self._compared[name]
        ]
        return QuestionMisconceptions(
            name=name,
            title=clean(lost[0].answers[name].question.title, MAX_TITLE_CHARS),
            groups=[self._group(found, name) for found in _grouped(explained)],
            n_could_not_run=len(lost) - len(explained),
            n_known=len(self._kept[name].answers) if name in self._kept else 0,
            note=self._note(name),
        )

    def _known(self, name: str) -> KnownPatterns:
        kept = self._kept[name].answers if name in self._kept else []
        return KnownPatterns({one.name: one.failed for one in kept if one.name in self._answers})

    def _compare(self, name: str) -> Iterator[_Compared]:
        """The students whose answer ran and lost points."""
        for one in self._students:
            if _lost_to_checks(one, name) and not one.answers[name].could_not_run:
                failed = failures_of(one.answers[name].question.checks)
                yield _Compared(one, failed, self._patterns[name].ranked(failed))

    def _match(self, one: _Compared) -> Match:
        return match_of(one.ranked, numbers_decide=self._same_secret)

    def _note(self, name: str) -> str:
        command = f"autograder audit {self.assignment.slug} --patterns"
        if name not in self._keys:
            return "This question has no known wrong answers (answers.py in its suite)."
        if name not in self._kept:
            return f"Not known yet how its known wrong answers fail: run `{command}`."
        if self._kept[name].key != self._keys[name]:
            return (
                "Its checks or known wrong answers have changed since it was measured how they "
                f"fail: run `{command}`."
            )
        return ""

    def _group(self, found: Sequence[Explained], name: str) -> Group:
        match = found[0].match
        failing = Counter(check for one in found for check in one.failed)
        question = found[0].student.answers[name].question
        common = [
            clean(one.title, MAX_TITLE_CHARS)
            for one in question.checks
            if failing[one.name] == len(found)
        ]
        return Group(
            answers=[_shown(self._answers[answer], name) for answer in match.names],
            n_alike=match.n_alike,
            students=list(found),
            titles=list(dict.fromkeys(common))[:MAX_TITLES],
        )


def _lost_to_checks(student: Student, name: str) -> bool:
    answer = student.answers.get(name)
    if answer is None or answer.blank or answer.question.score is None:
        return False
    question = answer.question
    lost = answer.question.score < question.points - SAME
    return lost and any(check.outcome == "failed" for check in question.checks)


def _grouped(explained: Sequence[Explained]) -> list[list[Explained]]:
    """By what explains them; the unexplained by what they fail. Named groups first, then large
    ones.
    """
    groups: dict[tuple[object, ...], list[Explained]] = {}
    for one in explained:
        ways: tuple[object, ...] = ()
        if not one.match.names:
            ways = tuple(sorted((name, failure.way) for name, failure in one.failed.items()))
        groups.setdefault((one.match.names, ways), []).append(one)
    surest = [
        sorted(found, key=lambda one: (SURE.index(one.match.sure), -one.match.similarity))
        for found in groups.values()
    ]
    return sorted(
        surest,
        key=lambda found: (
            not found[0].match.names,
            -len(found),
            SURE.index(found[0].match.sure),
            found[0].match.names,
        ),
    )


def _shown(answer: KnownAnswer, question: str) -> WrongAnswer:
    pieces = []
    for number, cell in enumerate(answer.cells):
        where = "a cell of the student's own" if cell.scratch else f"the answer of {cell.question}"
        heading = f"# {where}\n" if number and (cell.scratch or cell.question != question) else ""
        pieces.append(heading + cell.source.rstrip())
    return WrongAnswer(
        name=answer.name.removeprefix(f"{question}__"),
        sentence=answer.sentence,
        code="\n\n".join(pieces),
    )


def likely_for_check(found: QuestionMisconceptions | None, check: str) -> tuple[str, int]:
    """Of the students who fail a check, the misconception most of them are named with, and how
    many they are; empty where none is.
    """
    counts = Counter(
        group.answers[0].sentence
        for group in (found.groups if found else [])
        if len(group.answers) == 1
        for one in group.students
        if check in one.failed
    )
    return min(counts.items(), key=lambda one: (-one[1], one[0])) if counts else ("", 0)
