"""Whose fault is a failed check? Suites of the test's own, students and references of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.checks import suite as runner
from autograder.checks.draw import Draw
from autograder.checks.judge import describe, run_question, score
from autograder.course.assignment import Question
from autograder.errors import CourseError, StudentError, WorkerError
from autograder.sandbox.proxy import Session, Student, local_student

SUITE = '''
import pytest
from autograder.checks import close, weight

@weight(3)
def test_value(student, draw):
    """doubles its argument"""
    x = draw.normal(4)
    close(student.double(x), 2 * x)

@pytest.mark.parametrize("n", [1, 2])
def test_size(student, draw, n):
    """works on any size"""
    assert student.double(draw.normal(n)).shape == (n,)

def test_pair(student, draw):
    """can be unpacked"""
    first, = student.double(draw.normal(1))
'''

QUESTION = Question(title="Double", notebook="lab", kind="code", points=6, covers=[], name="double")


def reference(x: Any) -> Any:
    return x + x


@pytest.fixture(autouse=True)
def _forget_suites() -> Iterator[None]:
    """pytest keeps a suite's module under its name: each test here writes another one of the same name."""
    yield
    runner.suite.cache_clear()
    for name in [name for name in sys.modules if name.endswith("test_double")]:
        del sys.modules[name]


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mini").mkdir()
    (tmp_path / "mini" / "test_double.py").write_text(SUITE)
    monkeypatch.setattr(runner, "SUITES", tmp_path)
    monkeypatch.setattr(runner, "reference_student", lambda slug: local_student({"double": reference}))
    monkeypatch.setattr(runner, "_references", lambda slug, names: dict.fromkeys(names, reference))
    return tmp_path


def outcomes(student: Student, question: Question = QUESTION) -> dict[str, str]:
    return {check.name: check.outcome for check in run_question("mini", question, lambda: student, "secret")}


def test_weights_parameters_and_points(suites: Path) -> None:
    checks = run_question("mini", QUESTION, lambda: local_student({"double": lambda x: 2 * x}), "secret")
    assert [(check.name, check.weight, check.outcome) for check in checks] == [
        ("test_value", 3.0, "passed"),
        ("test_size[1]", 1.0, "passed"),
        ("test_size[2]", 1.0, "passed"),
        ("test_pair", 1.0, "passed"),
    ]
    assert checks[0].title == "doubles its argument"
    assert score(QUESTION, checks) == 6.0
    wrong = run_question("mini", QUESTION, lambda: local_student({"double": lambda x: 3 * x}), "secret")
    assert score(QUESTION, wrong) == 3.0


def test_what_is_returned_of_the_wrong_kind_is_the_students_fault(suites: Path) -> None:
    assert set(outcomes(local_student({"double": lambda x: None})).values()) == {"failed"}
    assert set(outcomes(local_student({"double": lambda x: 5})).values()) == {"failed"}


def test_a_check_that_the_reference_fails_too_is_ours(suites: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "reference_student", lambda slug: local_student({"double": lambda x: None}))
    checks = run_question("mini", QUESTION, lambda: local_student({"double": lambda x: None}), "secret")
    by_name = {check.name: check for check in checks}
    assert by_name["test_value"].outcome == "failed"  # a comparison decides by itself
    assert by_name["test_pair"].outcome == "ungraded"
    assert score(QUESTION, checks) is None


def test_a_sandbox_that_fails_is_ours_and_a_notebook_that_does_not_come_up_is_theirs(suites: Path) -> None:
    def no_sandbox() -> Student:
        raise WorkerError("no workers", detail="/secret/path")

    def endless() -> Student:
        raise StudentError("Timeout", "too many cells hang", fatal=True)

    checks = run_question("mini", QUESTION, no_sandbox, "secret")
    assert {check.outcome for check in checks} == {"ungraded"}
    assert not any("/secret/path" in check.message for check in checks)
    checks = run_question("mini", QUESTION, endless, "secret")
    assert {check.outcome for check in checks} == {"failed"}


def test_after_two_lost_workers_the_rest_is_not_waited_for(suites: Path) -> None:
    calls = 0

    class Hangs:
        def request(self, message: Any, callback: Any) -> Any:
            nonlocal calls
            calls += 1
            raise StudentError("Timeout", "it took longer than 1 s and was stopped", fatal=True)

    checks = run_question("mini", QUESTION, lambda: Student(Session(Hangs())), "secret")
    assert calls == 2
    assert [check.lost_worker for check in checks] == [True, True, False, False]
    assert checks[2].message.startswith("not tried")


def test_an_earlier_mistake_costs_nothing_where_an_answer_builds_on_it(suites: Path) -> None:
    namespace: dict[str, Any] = {}
    exec("def half_of(x): raise ValueError\ndef double(x): return helper(x)\ndef helper(x): return None", namespace)
    builds_on = Question(title="Double", notebook="lab", kind="code", points=6, covers=[], name="double", uses=["helper"])
    assert set(outcomes(local_student(namespace)).values()) == {"failed"}
    assert set(outcomes(local_student(namespace), builds_on).values()) == {"passed"}
    exec("def double(x): return 3 * helper(x)", namespace)
    assert outcomes(local_student(namespace), builds_on)["test_value"] == "failed"


OWN_FIXTURES = '''
import sys
import pytest
from autograder.checks import close, is_true

log = sys.log_of_the_test

def setup_module():
    log.append("module")

@pytest.fixture
def inputs(draw):
    log.append("set up")
    yield draw.normal(3)
    log.append("torn down")

@pytest.fixture(params=[1.0, 2.0])
def scale(request):
    return request.param

def test_plain(student, draw):
    """doubles its argument"""
    log.append(draw.normal(3))
    close(student.double(log[-1]), 2 * log[-1])

def test_fixture(student, inputs, draw, scale):
    """doubles what a fixture made"""
    log.append(inputs)
    is_true(not (inputs == draw.normal(3)).any())
    close(student.double(scale * inputs), 2 * scale * inputs)

@pytest.mark.parametrize("inputs", [[4.0]], indirect=True)
def test_indirect(student, inputs):
    """has a parameter that a fixture ignores"""
    is_true(inputs.shape == (3,))

@pytest.mark.skipif(True, reason="no such machine here")
def test_skipped(student):
    """is for other machines"""
'''


def test_a_suites_own_fixtures_are_set_up_and_torn_down_for_each_run(suites: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[Any] = []
    monkeypatch.setattr(sys, "log_of_the_test", log, raising=False)
    (suites / "mini" / "test_double.py").write_text(OWN_FIXTURES)
    right = local_student({"double": lambda x: 2 * x})
    for _ in range(2):
        assert outcomes(right) == {
            "test_plain": "passed",
            "test_fixture[1.0]": "passed",
            "test_fixture[2.0]": "passed",
            "test_indirect[inputs0]": "passed",
            "test_skipped": "ungraded",
        }
    words = [entry for entry in log if isinstance(entry, str)]
    assert words == ["module", *["set up", "torn down"] * 6]
    plain, drawn = [entry for entry in log if not isinstance(entry, str)][:2]
    torch.testing.assert_close(plain, Draw("secret", "test_plain").normal(3))
    torch.testing.assert_close(drawn, Draw("secret", "test_fixture[1.0]").normal(3))


def test_what_a_fixture_raises_is_the_checks_result(suites: Path) -> None:
    text = '''
import pytest

@pytest.fixture
def before(student):
    return student.double(1)

@pytest.fixture
def after(student):
    yield
    student.double(2)

def test_before(before):
    """sets up"""

def test_after(after):
    """tears down"""

def test_own(student):
    """works"""
    assert student.double(3) == 6
'''
    (suites / "mini" / "test_double.py").write_text(text)

    def double(x: int) -> int:
        if x < 3:
            raise ValueError(f"{x} is too small")
        return 2 * x

    checks = run_question("mini", QUESTION, lambda: local_student({"double": double}), "secret")
    assert [check.outcome for check in checks] == ["failed", "failed", "passed"]
    assert ["1 is too small" in checks[0].message, "2 is too small" in checks[1].message] == [True, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "is missing"),
        ("x = 1\n", "no check in it"),
        ("def test_a(student):\n    pass\n", "no docstring"),
        ("def test_a(:\n", "cannot be collected"),
    ],
)
def test_a_suite_that_is_not_in_order_is_a_course_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, message: str
) -> None:
    monkeypatch.setattr(runner, "SUITES", tmp_path)
    (tmp_path / "mini").mkdir()
    if text is not None:
        (tmp_path / "mini" / "test_double.py").write_text(text)
    with pytest.raises(CourseError, match=message) as caught:
        runner.suite("mini", "double")
    assert "test_double.py" in caught.value.message


def test_what_a_student_is_told() -> None:
    assert describe(StudentError("NotImplementedError", "", line=8, source="raise NotImplementedError()")) == "there is no answer yet"
    assert describe(StudentError("ValueError", "no", line=3, source="f(x)")) == "your code raised ValueError: no (line 3: f(x))"
    assert describe(StudentError("Timeout", "it took too long")) == "it took too long"
