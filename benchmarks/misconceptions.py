"""How often the class report names the right misconception.

    python benchmarks/misconceptions.py vae kl_divergence iwae_bound --mutants 4

Students whose mistake is known are made from the known wrong answers, and graded in the sandbox:

another secret   the known wrong answer itself, on other inputs: its numbers differ, so only which
                 checks fail, and how, can tell it from the others
one more slip    the known wrong answer with one change that the audit's mutation operators make,
                 with the course's secret, as in a class. Mutants that get full marks are left out.
                 Some undo the mistake or bury it under a worse one: they count all the same

First: the right answer ranks first, ties shared (two that cannot be told apart are half a hit
each). First three: the same for the first three. Named: of those for which the report names an
answer, by how sure it says it is, how many have the right one among the named.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.audit.failures import Failures, failures_of
from autograder.audit.grading import Task, grade_tasks
from autograder.audit.known import KnownAnswer, known_answers
from autograder.audit.mutants import mutants_of
from autograder.audit.patterns import make_patterns, read_patterns
from autograder.audit.run import MUTANT_CALL_S
from autograder.course.assignment import Assignment, course_root, load
from autograder.course.secret import course_secret
from autograder.publish.class_report.misconceptions import Candidate, KnownPatterns
from autograder.report import QuestionResult


@dataclass(frozen=True)
class Student:
    """A made-up student: the misconception behind the answer, and what it is graded as."""

    truth: str
    question: str
    task: Task


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("slug")
    parser.add_argument("questions", nargs="+")
    parser.add_argument("--mutants", type=int, default=4, help="of each known wrong answer")
    parser.add_argument("--seed", type=int, default=19)
    asked = parser.parse_args()
    root = course_root()
    assignment = load(asked.slug, root)
    for question in asked.questions:
        make_patterns(asked.slug, root, question)
    kept = read_patterns(root, asked.slug)
    known = {
        name: KnownPatterns({one.name: one.failed for one in kept.questions[name].answers})
        for name in asked.questions
    }
    wrong = [
        answer
        for name in asked.questions
        for answer in known_answers(root, assignment, name)
        if answer.kind == "wrong"
    ]
    print(f"{len(wrong)} known wrong answers of {', '.join(asked.questions)}")
    other = [_student(one, assignment, f"another {asked.seed}") for one in wrong]
    _tell("another secret", other, known, root, asked.slug)
    mutants = list(_mutants(wrong, assignment, course_secret(root), asked.mutants, asked.seed))
    _tell("one more slip", mutants, known, root, asked.slug)
    secret = [replace(one, task=replace(one.task, secret="another")) for one in mutants]
    _tell("one more slip, another secret", secret, known, root, asked.slug)


def _student(answer: KnownAnswer, assignment: Assignment, secret: str) -> Student:
    notebook = assignment.questions[answer.question].notebook
    only = (answer.question,)
    task = Task(notebook, secret, answer.cells, only=only, call_s=MUTANT_CALL_S)
    return Student(answer.name, answer.question, task)


def _mutants(
    wrong: list[KnownAnswer], assignment: Assignment, secret: str, most: int, seed: int
) -> Iterator[Student]:
    draw = random.Random(seed)
    for answer in wrong:
        own = answer.cells[0]
        inside = f"### BEGIN SOLUTION\n{own.source}### END SOLUTION\n"
        found = mutants_of(answer.question, inside)
        for mutant in draw.sample(found, min(most, len(found))):
            cells = (replace(own, source=mutant.source), *answer.cells[1:])
            yield _student(replace(answer, cells=cells), assignment, secret)


def _tell(
    title: str, students: list[Student], known: dict[str, KnownPatterns], root: Path, slug: str
) -> None:
    graded: dict[int, QuestionResult] = {}
    tasks = [one.task for one in students]
    for index, done in grade_tasks(tasks, root, slug, isolation="auto", jobs=1):
        (graded[index],) = done.questions
    failing = [
        (one, failures_of(graded[index].checks))
        for index, one in enumerate(students)
        if graded[index].score is not None and graded[index].score != graded[index].points
    ]
    left_out = len(students) - len(failing)
    print(f"\n{title}: {len(failing)} answers that lose points ({left_out} others left out)")
    rankings: dict[str, Callable[[Candidate], object]] = {
        "names of the checks, ways and numbers": lambda one: one.rank,
        "without the numbers": lambda one: round(one.similarity, 6),
    }
    for label, rank in rankings.items():
        first = [_within(1, one, failures, known, rank) for one, failures in failing]
        three = [_within(3, one, failures, known, rank) for one, failures in failing]
        print(f"  {label}: first {_share(first)}, first three {_share(three)}")
    named: dict[str, list[float]] = defaultdict(list)
    for one, failures in failing:
        match = known[one.question].match(failures)
        named[match.sure].append(float(one.truth in match.names))
    for sure, hits in named.items():
        print(f"  {sure}: {len(hits)}, the right one among the named {_share(hits)}")


def _within(
    n: int,
    student: Student,
    failures: Failures,
    known: dict[str, KnownPatterns],
    rank: Callable[[Candidate], object],
) -> float:
    """The chance that the right answer is among the first n, ties in any order."""
    ranked = known[student.question].ranked(failures)
    ranks = [rank(one) for one in ranked]
    mine = next(rank(one) for one in ranked if one.name == student.truth)
    better = sum(one > mine for one in ranks)  # type: ignore[operator]
    return min(1.0, max(0.0, (n - better) / ranks.count(mine)))


def _share(hits: list[float]) -> str:
    return f"{sum(hits) / len(hits):.1%}" if hits else "of none"


if __name__ == "__main__":
    main()
