"""How often the class report names the right misconception.

    python benchmarks/misconceptions.py vae kl_divergence iwae_bound bernoulli_nll

Students whose mistake is known are made up, and graded in the sandbox:

another secret   each known wrong answer itself, on other inputs. Its numbers differ, so only which
                 checks fail, and how, can tell it from the others
other code       every change that the audit's operators make to the model solution and to each
                 known right answer, with the course's secret, as in a class. What the mistake is
                 comes from the functions alone: the known wrong answers that give the same values
                 and gradients on inputs of INPUTS, which no check uses. Changes that show on none
                 of these inputs are left out
new mistakes     those of them that are like no known wrong answer: whatever is named is not right

First: a right answer ranks first, ties shared (one of two that cannot be told apart is half a hit).
First three: it is among three. Named: how often the report names an answer, by how sure it says it
is, and how many of those have a right one among the named.
"""

from __future__ import annotations

import argparse
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from autograder.audit.failures import Failures, failures_of
from autograder.audit.grading import Task, grade_tasks
from autograder.audit.in_process import InProcessGrader
from autograder.audit.known import Cell, KnownAnswer, known_answers
from autograder.audit.mutants import mutants_of
from autograder.audit.patterns import make_patterns, read_patterns
from autograder.audit.run import MUTANT_CALL_S
from autograder.course.assignment import Assignment, course_root, load
from autograder.course.model_answers import model_answers
from autograder.course.secret import course_secret
from autograder.publish.class_report.misconceptions import Candidate, KnownPatterns
from autograder.report import QuestionResult

CALL_S = 5
Rank = Callable[[Candidate], Any]
RANKS: dict[str, Rank] = {
    "with the numbers": lambda one: one.rank,
    "without": lambda one: round(one.similarity, 6),
}


def _normal(*shape: int, scale: float = 1.0, seed: int = 0) -> torch.Tensor:
    drawn = torch.Generator().manual_seed(1000 + seed)
    return scale * torch.randn(*shape, generator=drawn, dtype=torch.float64)


def _two_normal(scale: float, *shape: int) -> tuple[torch.Tensor, ...]:
    return _normal(*shape), _normal(*shape, scale=scale, seed=1)


def _pixels(scale: float, *shape: int) -> tuple[torch.Tensor, ...]:
    return _normal(*shape).sigmoid(), _normal(*shape, scale=scale, seed=1)


INPUTS: dict[str, list[tuple[torch.Tensor, ...]]] = {
    "kl_divergence": [
        *(_two_normal(1.0, *shape) for shape in ((5, 3), (4, 6), (1, 3), (4, 1))),
        _two_normal(20.0, 5, 3),
    ],
    "iwae_bound": [
        *((_normal(*shape),) for shape in ((5, 3), (4, 6), (1, 3), (4, 1))),
        *((_normal(5, 3, scale=scale),) for scale in (30.0, 3000.0)),
    ],
    "bernoulli_nll": [
        *(_pixels(1.0, *shape) for shape in ((5, 3), (4, 6), (1, 3), (4, 1), (2, 1, 4, 5))),
        *(_pixels(scale, 5, 3) for scale in (30.0, 3000.0)),
    ],
}


@dataclass(frozen=True)
class Student:
    """A made-up student: the misconceptions that are right to name, and what is graded."""

    truth: frozenset[str]
    question: str
    task: Task


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("slug")
    parser.add_argument("questions", nargs="+", choices=list(INPUTS))
    parser.add_argument("--show", action="store_true", help="print what is named wrongly")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    root = course_root()
    assignment = load(asked.slug, root)
    for question in asked.questions:
        make_patterns(asked.slug, root, question)
    kept = read_patterns(root, asked.slug)
    known = {
        name: KnownPatterns({one.name: one.failed for one in kept.questions[name].answers})
        for name in asked.questions
    }
    other = [
        Student(frozenset({one.name}), one.question, _task(assignment, one.question, one.cells))
        for name in asked.questions
        for one in known_answers(root, assignment, name)
        if one.kind == "wrong"
    ]
    measure("another secret", other, known, root, asked.slug)
    made = [one for name in asked.questions for one in _other_code(root, assignment, name)]
    old, new = [one for one in made if one.truth], [one for one in made if not one.truth]
    measure("other code", old, known, root, asked.slug, same_secret=True, show=asked.show)
    measure("new mistakes", new, known, root, asked.slug, same_secret=True, show=asked.show)


def _task(
    assignment: Assignment, question: str, cells: tuple[Cell, ...], secret: str = "another"
) -> Task:
    notebook = assignment.questions[question].notebook
    return Task(notebook, secret, cells, only=(question,), call_s=MUTANT_CALL_S)


def _other_code(root: Path, assignment: Assignment, question: str) -> Iterator[Student]:
    """Every mutant of the model solution and of the right answers that is not as right."""
    behaviour = _Behaviour(InProcessGrader(root, assignment.slug), assignment, question)
    found = known_answers(root, assignment, question)
    wrong = {one.name: behaviour.of(one.cells) for one in found if one.kind == "wrong"}
    notebook = assignment.questions[question].notebook
    solution = model_answers(root, assignment.slug, notebook)[question]
    right = behaviour.of((Cell(question, solution),))
    secret = course_secret(root)
    for source in dict.fromkeys(_mutated(question, solution, found)):
        cells = (Cell(question, source),)
        values = behaviour.of(cells)
        if _alike(values, right):
            continue
        truth = frozenset(name for name, theirs in wrong.items() if _alike(values, theirs))
        yield Student(truth, question, _task(assignment, question, cells, secret))


def _mutated(question: str, solution: str, found: Sequence[KnownAnswer]) -> Iterator[str]:
    own_cell = [one for one in found if one.kind == "right" and len(one.cells) == 1]
    inside = [f"### BEGIN SOLUTION\n{one.cells[0].source}### END SOLUTION\n" for one in own_cell]
    for cell in (solution, *inside):
        yield from (mutant.source for mutant in mutants_of(question, cell))


Values = list[list[torch.Tensor] | str]


class _Behaviour:
    """What a function of a question returns on INPUTS, and its gradients."""

    def __init__(self, grader: InProcessGrader, assignment: Assignment, question: str) -> None:
        self._grader, self._assignment, self._question = grader, assignment, question

    def of(self, cells: tuple[Cell, ...]) -> Values:
        try:
            names = self._grader.namespace(_task(self._assignment, self._question, cells))
        except Exception as error:  # a mutant may do anything
            return [type(error).__name__]
        return [self._on(names[self._question], given) for given in INPUTS[self._question]]

    def _on(self, function: Callable[..., Any], given: tuple[torch.Tensor, ...]) -> Any:
        inputs = [one.clone().requires_grad_() for one in given]
        signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(CALL_S)
        try:
            value = function(*inputs)
            if not value.requires_grad:
                return [value.detach().clone(), *map(torch.zeros_like, inputs)]
            slopes = torch.autograd.grad(value.sum(), inputs, allow_unused=True)
            pairs = zip(slopes, inputs, strict=True)
            sent = [torch.zeros_like(one) if slope is None else slope for slope, one in pairs]
            return [value.detach(), *sent]
        except Exception as error:
            return type(error).__name__
        finally:
            signal.alarm(0)


def _too_long(*_: object) -> None:
    raise TimeoutError


def _alike(mine: Values, theirs: Values) -> bool:
    if len(mine) != len(theirs):
        return False
    for one, other in zip(mine, theirs, strict=True):
        if isinstance(one, str) or isinstance(other, str):
            if one is not other and one != other:
                return False
        elif len(one) != len(other) or not all(map(_close, one, other)):
            return False
    return True


def _close(mine: torch.Tensor, theirs: torch.Tensor) -> bool:
    if mine.shape != theirs.shape or mine.device != theirs.device:
        return False
    return mine.is_meta or torch.allclose(
        mine.double(), theirs.double(), rtol=1e-6, atol=1e-9, equal_nan=True
    )


def measure(
    title: str,
    students: list[Student],
    known: dict[str, KnownPatterns],
    root: Path,
    slug: str,
    *,
    same_secret: bool = False,
    show: bool = False,
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
    print(f"\n{title}: {len(failing)} answers lose points", flush=True)
    for label, rank in RANKS.items():
        if all(one.truth for one, _ in failing):
            first = [_within(1, one, failures, known, rank) for one, failures in failing]
            three = [_within(3, one, failures, known, rank) for one, failures in failing]
            print(f"  {label}: first {_share(first)}, first three {_share(three)}")
    named: dict[str, list[float]] = defaultdict(list)
    for one, failures in failing:
        match = known[one.question].match(failures, numbers_decide=same_secret)
        hit = bool(one.truth.intersection(match.names))
        named[match.sure].append(float(hit))
        if match.sure != "unknown" and not hit and show:
            print(f"    {match.sure}: {', '.join(match.names)}\n{one.task.cells[0].source}")
    for sure, hits in sorted(named.items()):
        print(f"  {sure}: {len(hits)}, a right one among the named {_share(hits)}", flush=True)


def _within(
    n: int, student: Student, failures: Failures, known: dict[str, KnownPatterns], rank: Rank
) -> float:
    """The chance that a right answer is among the first n, ties in any order."""
    ranked = known[student.question].ranked(failures)
    best = max(rank(one) for one in ranked if one.name in student.truth)
    better = sum(rank(one) > best for one in ranked)
    tied = [one.name in student.truth for one in ranked if rank(one) == best]
    return _drawn(len(tied), sum(tied), n - better)


def _drawn(n_all: int, n_right: int, n_drawn: int) -> float:
    """The chance that one of `n_drawn` out of `n_all` is right."""
    missed = 1.0
    for number in range(max(0, min(n_drawn, n_all))):
        missed *= max(0, n_all - n_right - number) / (n_all - number)
    return 1.0 - missed


def _share(hits: list[float]) -> str:
    return f"{sum(hits) / len(hits):.1%}" if hits else "of none"


if __name__ == "__main__":
    main()
