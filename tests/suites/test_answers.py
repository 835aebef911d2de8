"""The hidden suites, measured in this process: solutions, oracles and right answers keep full
marks, blank and wrong ones don't.

An audit of one question takes up to half a minute and, with its fixed secret, comes out the same as
long as nothing that it depends on changes. So each that passes is noted in audited.json with the
digest of all that, and not run again; without the file all are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.atomic_write import write_atomically
from autograder.audit.grading import Task
from autograder.audit.in_process import InProcessGrader
from autograder.audit.known import Cell, KnownAnswer, known_answers
from autograder.audit.run import audit
from autograder.audit.unchanged import audit_digest
from autograder.checks.judge import run_question
from autograder.checks.suite import oracles, suite
from autograder.course.assignment import Question, load, slugs
from autograder.course.cell_kinds import grade_id_of
from autograder.course.released import release_notebook
from autograder.sandbox.proxy import local_student

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = [
    pytest.param(slug, question, id=f"{slug}-{question.name}")
    for slug in slugs(ROOT)
    for question in load(slug, ROOT).questions.values()
    if question.has_checks
]
RIGHT = [
    pytest.param(slug, answer, id=f"{slug}-{answer.name}")
    for slug in slugs(ROOT)
    for answer in known_answers(ROOT, load(slug, ROOT))
    if answer.kind == "right"
]
each_question = pytest.mark.parametrize(("slug", "question"), QUESTIONS)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def grader(slug: str) -> InProcessGrader:
    return InProcessGrader(ROOT, slug)


AUDITED = Path(__file__).with_name("audited.json")


def noted() -> dict[str, str]:
    return json.loads(AUDITED.read_text()) if AUDITED.is_file() else {}


@each_question
def test_known_answers_get_what_they_deserve(slug: str, question: Question) -> None:
    """Solution and right answers with two secrets; wrong ones lose on their question alone."""
    name, digest = f"{slug}/{question.name}", audit_digest(slug, question.name, ROOT)
    if noted().get(name) == digest:
        pytest.skip("passed before, and nothing that it depends on has changed")
    found = audit(slug, question.name, repeat=2, in_process=True, root=ROOT)
    problems = [
        (row.name, row.verdict, row.collateral, [(told.check, told.staff) for told in row.told])
        for row in found.known
        if not row.ok
    ]
    assert not problems
    assert found.totals.wrong >= 4 and found.totals.right >= 2
    passed = json.dumps(noted() | {name: digest}, indent=0, sort_keys=True) + "\n"
    write_atomically(AUDITED, passed.encode(), mode=0o644)


@each_question
def test_suite_is_large_enough_and_its_titles_complete_the_sentence(
    slug: str, question: Question
) -> None:
    checks = suite(slug, question.name)
    assert len(checks) >= 5
    for check in checks:
        assert check.title[0].islower() and not check.title.endswith("."), check.title


@each_question
def test_reference_passes_its_own_checks(slug: str, question: Question) -> None:
    student = local_student(oracles(slug))
    checks = run_question(slug, question, lambda: student, "tests")
    assert [(check.name, check.staff) for check in checks if check.outcome != "passed"] == []


CONSTANTS: dict[str, Any] = {
    "nothing": None,
    "zero": torch.zeros(()),
    "nan": float("nan"),
    "empty": torch.zeros(0),
    "pair": (torch.zeros(()), torch.zeros(())),
}


@each_question
def test_what_returns_a_constant_and_does_nothing_earns_nothing(
    slug: str, question: Question
) -> None:
    """Though it passes a check that something stays as it was."""
    for name, constant in CONSTANTS.items():
        answers = oracles(slug)
        names = [key for key, each in answers.items() if each is answers[question.name]]
        answers |= dict.fromkeys(names, lambda *_, c=constant, **__: c)
        student = local_student(answers)
        checks = run_question(slug, question, lambda given=student: given, "tests")
        passed = [check.name for check in checks if check.outcome == "passed"]
        assert passed == [], name


def visible_verdict(slug: str, question: Question, task: Task, capsys: Any) -> str:
    """What the question's check cell prints for a student."""
    cells = release_notebook(ROOT, slug, question.notebook).cells
    (source,) = [cell.source for cell in cells if grade_id_of(cell) == f"test_{question.name}"]
    names = grader(slug).namespace(task)
    capsys.readouterr()
    exec(compile(source, "check", "exec"), names)
    printed: str = capsys.readouterr().out
    return printed.strip()


@each_question
def test_visible_checks_pass_for_the_solution_and_say_what_is_missing_in_a_blank(
    slug: str, question: Question, capsys: pytest.CaptureFixture[str]
) -> None:
    solved, blank = Task(question.notebook, ""), Task(question.notebook, "", blank=True)
    passed = f"{question.name}: visible checks pass"
    assert visible_verdict(slug, question, solved, capsys) == passed
    told = visible_verdict(slug, question, blank, capsys)
    assert told.startswith(f"{question.name}: not answered yet")


@pytest.mark.parametrize(("slug", "answer"), RIGHT)
def test_visible_checks_pass_for_right_answers(
    slug: str, answer: KnownAnswer, capsys: pytest.CaptureFixture[str]
) -> None:
    question = load(slug, ROOT).questions[answer.question]
    own: tuple[Cell, ...] = answer.cells
    verdict = visible_verdict(slug, question, Task(question.notebook, "", own), capsys)
    assert verdict == f"{question.name}: visible checks pass"
