"""How the points of an assignment's questions add up, a choice of questions included.

A choice is a rule of the course: of these questions the best `count` count. Whoever adds up points
does it here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from autograder.course.assignment import Question

POINT_DIGITS = 4
"""Of a sum of points."""
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
"""Of a question, a part, a choice, a file to include."""
CELL = "choose-"
"""How the `grade_id` of a choice's cell starts; no name of a question has a hyphen."""

Scores = Mapping[str, float | None]
"""Points by question; None while a question waits for a score."""


class Choice(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Of `questions`, worth the same points each, the best `count` count for a student."""

    title: str
    questions: tuple[str, ...]
    count: int
    name: str = ""

    @property
    def cell(self) -> str:
        """The `grade_id` of its cell in the notebook."""
        return f"{CELL}{self.name}"

    @property
    def rule(self) -> str:
        """As students and staff read it."""
        if self.count == 1:
            return f"{self.title}: the best of {len(self.questions)} questions counts"
        return f"{self.title}: the best {self.count} of {len(self.questions)} questions count"


def add_points(points: Iterable[float]) -> float:
    """The sum of points, with as many digits as points have (a score has four): 0.1 + 0.2 is 0.3,
    in any order.
    """
    return round(math.fsum(points), POINT_DIGITS)


def left_out(
    choices: Iterable[Choice], scores: Scores, blank: Collection[str] = ()
) -> dict[str, Choice]:
    """The questions that do not count, each with its choice: those beyond the best `count`.

    scores: of all questions that are added up. Where scores are equal, an answer counts before a
    blank one (`blank`), then the question that the choice names first. A question that waits has no
    points yet, so it replaces none that has; it is never left out, since its score may be the best.
    """

    def rank(name: str) -> tuple[float, int]:
        score = scores[name]
        return -(score or 0.0), 0 if score is None else 2 if name in blank else 1

    found = {}
    for choice in choices:
        ranked = sorted((name for name in choice.questions if name in scores), key=rank)
        for name in ranked[choice.count :]:
            if scores[name] is not None:
                found[name] = choice
    return found


def add_counted(choices: Iterable[Choice], scores: Scores) -> float:
    """The sum of the scores that count. With full points as scores: the maximum."""
    out = left_out(choices, scores)
    return add_points(score or 0.0 for name, score in scores.items() if name not in out)


def still_to_come(
    choices: Collection[Choice], scores: Scores, points: Mapping[str, float]
) -> float:
    """By how much the sum can still grow, if each question that waits gets all its `points`."""
    best = {name: points[name] if score is None else score for name, score in scores.items()}
    return add_points([add_counted(choices, best), -add_counted(choices, scores)])


def problem_of_choices(choices: Iterable[Choice], questions: Mapping[str, Question]) -> str:
    """What is wrong with the choices of an assignment, as a sentence; empty if nothing is."""
    taken: dict[str, Choice] = {}
    for choice in choices:
        where = f"[choose.{choice.name}]"
        if not NAME.match(choice.name):
            return f"{where}: the name must match [a-z][a-z0-9_]*"
        for name in choice.questions:
            if name not in questions:
                return f"{where} names {name!r}, which is not a question"
            if taken.get(name) is choice:
                return f"{where} names {name} twice"
            if name in taken:
                return f"{where} names {name}, which is in [choose.{taken[name].name}] already"
            if questions[name].bonus:
                return f"{where} names {name}, a bonus question, which counts on top of all others"
            taken[name] = choice
        if not 1 <= choice.count < len(choice.questions):
            return (
                f"{where}: count is {choice.count}; it must be at least 1 and less than the number "
                f"of its questions, {len(choice.questions)}"
            )
        members = [questions[name] for name in choice.questions]
        for what, values in (
            ("points", {f"{one.points:g}" for one in members}),
            ("notebook", {one.notebook for one in members}),
            (
                "way of grading (code and quality, or theory and experiment)",
                {"by the grader" if one.autograded else "by people" for one in members},
            ),
        ):
            if len(values) > 1:
                found = " and ".join(sorted(values))
                return f"{where}: its questions must have the same {what}; they have {found}"
    return ""
