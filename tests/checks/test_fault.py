"""Whose fault is it when there is nothing to compare with, and what does a student read?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import autograder.suites
from autograder.checks import suite
from autograder.checks.judge import run_question, score
from autograder.course.assignment import Question, suites_folder
from autograder.report import Check
from autograder.sandbox.proxy import local_student

SUITE = """
from autograder.checks import close, same_gradients
from autograder.suites.mini.halves import oracle

def test_values(student, draw):
    \"\"\"gives both halves\"\"\"
    x = draw.normal(4)
    close(student.halves(x), oracle.halves(x))

def test_gradients(student, draw):
    \"\"\"sends gradients\"\"\"
    same_gradients(lambda x: student.halves(x)[0], lambda x: oracle.halves(x)[0], draw.normal(4))

def test_own(student, draw):
    \"\"\"gives the same twice\"\"\"
    x = draw.normal(4)
    close(student.halves(x), student.halves(x))
"""

QUESTION = Question(title="Halves", notebook="lab", kind="code", points=6, covers=[], name="halves")


class Halves(NamedTuple):
    """A named tuple, as a student returns one."""

    first: Any
    second: Any


@pytest.fixture
def graded(tmp_path: Path) -> Iterator[Any]:
    """Grades an answer of `halves`, with the oracle whose body is given."""
    before = list(autograder.suites.__path__)
    folder = suites_folder(tmp_path) / "mini" / "halves"
    folder.mkdir(parents=True)
    (folder / "checks.py").write_text(SUITE)

    def grade(answer: Any, oracle: str = "return x[:2], x[2:]") -> dict[str, Check]:
        (folder / "oracle.py").write_text(f"def halves(x):\n    {oracle}\n")
        suite.use_suites_of(tmp_path)
        checks = run_question("mini", QUESTION, lambda: local_student({"halves": answer}), "secret")
        return {check.name: check for check in checks}

    yield grade
    autograder.suites.__path__[:] = before
    suite.forget_suites()


def halves(x: Any) -> Any:
    return x[:2], x[2:]


def outcomes(checks: dict[str, Check]) -> list[str]:
    return [check.outcome for check in checks.values()]


@pytest.mark.parametrize("answer", [halves, lambda x: Halves(*halves(x)), lambda x: x.chunk(2)])
def test_named_tuples_are_tuples(graded: Any, answer: Any) -> None:
    assert outcomes(graded(answer)) == ["passed"] * 3


def test_an_oracle_without_a_gradient_leaves_the_question_to_staff(graded: Any) -> None:
    checks = graded(halves, "return x[:2].detach(), x[2:]")
    assert outcomes(checks) == ["passed", "ungraded", "passed"]
    assert "the oracle's result has no gradient" in checks["test_gradients"].staff
    assert score(QUESTION, list(checks.values())) is None


def test_an_oracle_that_gives_nan_leaves_the_question_to_staff(graded: Any) -> None:
    checks = graded(halves, "return x[:2] * float('nan'), x[2:]")
    assert checks["test_values"].outcome == "ungraded"
    assert checks["test_values"].message == ""


def test_a_students_own_nan_is_the_students(graded: Any) -> None:
    assert outcomes(graded(lambda x: [part * float("nan") for part in halves(x)])) == ["failed"] * 3


def test_a_result_of_a_kind_that_is_not_taken_is_named_to_the_student(graded: Any) -> None:
    class Result:
        def __init__(self, x: Any) -> None:
            self.first, self.second = halves(x)

    checks = graded(Result)
    assert outcomes(checks) == ["failed"] * 3
    assert checks["test_values"].message == (
        "your code returned an object of type Result; return a tensor, a number, or a "
        "tuple, list or dict of these"
    )
    assert checks["test_own"].outcome == "failed"
    told = graded(lambda x: (x, x))["test_values"].message
    assert told == "the shape (4,) is not the one asked for"
