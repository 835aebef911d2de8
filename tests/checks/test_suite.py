"""Whose fault is a failed check? Suites of the test's own, students and references of the test's
own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.checks.draw import Draw
from autograder.checks.judge import describe, run_question, score
from autograder.checks.suite import forget_suites, oracle, suite, use_suites_of
from autograder.course.assignment import Question
from autograder.errors import CourseError, StudentError, WorkerError
from autograder.report import NOT_YET
from autograder.sandbox.proxy import Session, Student, local_student

SUITE = '''
import pytest
from autograder.checks import aspect, close

ASPECTS = {"values": 0.5, "edges": 0.3, "shapes": 0.2}

def test_value(student, draw):
    """doubles its argument"""
    x = draw.normal(4)
    close(student.double(x), 2 * x)

@aspect("edges")
@pytest.mark.parametrize("n", [1, 2])
def test_size(student, draw, n):
    """works on any size"""
    assert student.double(draw.normal(n)).shape == (n,)

@aspect("edges")
def test_pair(student, draw):
    """can be unpacked"""
    first, = student.double(draw.normal(1))

@aspect("shapes", spoils=False)
def test_matrix(student, draw):
    """keeps the shape of a matrix"""
    assert student.double(draw.normal(2, 3)).shape == (2, 3)
'''

QUESTION = Question(title="Double", notebook="lab", kind="code", points=6, covers=[], name="double")


ORACLE = "def double(x):\n    return x + x\n"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A course's folder of suites with one question; `write` puts another suite in its place."""
    write(tmp_path, SUITE)
    (tmp_path / "suites" / "mini" / "double" / "oracle.py").write_text(ORACLE)
    use_suites_of(tmp_path)
    yield tmp_path
    use_suites_of(ROOT)


def write(root: Path, text: str) -> None:
    file = root / "suites" / "mini" / "double" / "checks.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    forget_suites()


def outcomes(student: Student, question: Question = QUESTION) -> dict[str, str]:
    return {
        check.name: check.outcome
        for check in run_question("mini", question, lambda: student, "secret")
    }


def points(answer: Any) -> float | None:
    student = local_student({"double": answer})
    return score(QUESTION, run_question("mini", QUESTION, lambda: student, "secret"))


def test_weights_parameters_and_points(suites: Path) -> None:
    checks = run_question(
        "mini", QUESTION, lambda: local_student({"double": lambda x: 2 * x}), "secret"
    )
    assert [(check.name, check.aspect, check.weight, check.spoils) for check in checks] == [
        ("test_value", "values", 0.5, True),
        ("test_size[1]", "edges", 0.075, False),
        ("test_size[2]", "edges", 0.075, False),
        ("test_pair", "edges", 0.15, False),
        ("test_matrix", "shapes", 0.2, False),
    ]
    assert checks[0].title == "doubles its argument"
    assert {check.outcome for check in checks} == {"passed"} and score(QUESTION, checks) == 6.0


def test_what_spoils_costs_half_and_a_corner_a_tenth_at_least(suites: Path) -> None:
    assert points(lambda x: 3 * x) == 3.0
    assert points(lambda x: 2 * x if len(x) != 2 else torch.zeros(3)) == pytest.approx(
        6 * 0.725
    )  # the case of two numbers, and the matrix, whose rows are two
    assert points(lambda x: 2 * x if x.shape != (2,) else torch.zeros(3)) == pytest.approx(6 * 0.9)
    write(suites, SUITE.replace("0.5", "0.1").replace("0.3", "0.7"))
    assert points(lambda x: 3 * x) == 3.0, "the weights alone would leave nine tenths"
    write(suites, SUITE.replace("spoils=False", "spoils=True"))
    assert points(lambda x: 2 * x.flatten()) == 3.0
    assert points(lambda x: None) == 0.0


def test_a_check_that_comes_after_another_earns_nothing_before_it_passes(suites: Path) -> None:
    later = SUITE.replace("import aspect, close", "import after, aspect, close")
    write(
        suites,
        later.replace(
            '@aspect("edges")\ndef test_pair', "@aspect('edges')\n@after(test_value)\ndef test_pair"
        ),
    )
    assert set(outcomes(local_student({"double": lambda x: 2 * x})).values()) == {"passed"}
    wrong = local_student({"double": lambda x: 3 * x})
    checks = {c.name: c for c in run_question("mini", QUESTION, lambda: wrong, "secret")}
    assert [checks[name].outcome for name in ("test_size[1]", "test_pair")] == ["passed", "failed"]
    assert checks["test_pair"].message == NOT_YET
    helper = "def first(student, draw):\n    assert float(student.double(draw.normal(1))) > 9\n\n"
    write(suites, later.replace("def test_value", helper + "@after(first)\ndef test_value"))
    assert outcomes(local_student({"double": lambda x: 2 * x}))["test_value"] == "failed"
    assert outcomes(local_student({"double": lambda x: x + 99}))["test_size[1]"] == "passed"


def test_what_is_returned_of_the_wrong_kind_is_the_students_fault(suites: Path) -> None:
    assert set(outcomes(local_student({"double": lambda x: None})).values()) == {"failed"}
    assert set(outcomes(local_student({"double": lambda x: 5})).values()) == {"failed"}


def test_a_check_that_the_reference_fails_too_is_ours(suites: Path) -> None:
    (suites / "suites" / "mini" / "double" / "oracle.py").write_text(
        "def double(x):\n    return None\n"
    )
    forget_suites()
    checks = run_question(
        "mini", QUESTION, lambda: local_student({"double": lambda x: None}), "secret"
    )
    by_name = {check.name: check for check in checks}
    assert by_name["test_value"].outcome == "failed"  # a comparison decides by itself
    assert by_name["test_pair"].outcome == "ungraded"
    assert score(QUESTION, checks) is None


def test_a_sandbox_that_fails_is_ours_and_a_notebook_that_does_not_come_up_is_theirs(
    suites: Path,
) -> None:
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
        alive = False

        def request(self, message: Any, callback: Any) -> Any:
            nonlocal calls
            calls += 1
            raise StudentError("Timeout", "it took longer than 1 s and was stopped", fatal=True)

    checks = run_question("mini", QUESTION, lambda: Student(Session(Hangs())), "secret")
    assert calls == 2
    assert [check.lost_worker for check in checks] == [True, True, False, False, False]
    assert checks[2].message.startswith("not run")


def test_an_earlier_mistake_costs_nothing_where_an_answer_builds_on_it(suites: Path) -> None:
    namespace: dict[str, Any] = {}
    exec(
        "def half_of(x): raise ValueError\ndef double(x): return helper(x)\ndef helper(x): "
        "return None",
        namespace,
    )
    (suites / "suites" / "mini" / "helper").mkdir()
    (suites / "suites" / "mini" / "helper" / "oracle.py").write_text(
        "def helper(x):\n    return x + x\n"
    )
    builds_on = Question(
        title="Double",
        notebook="lab",
        kind="code",
        points=6,
        covers=[],
        name="double",
        uses=["helper"],
    )
    assert set(outcomes(local_student(namespace)).values()) == {"failed"}
    assert set(outcomes(local_student(namespace), builds_on).values()) == {"passed"}
    exec("def double(x): return 3 * helper(x)", namespace)
    assert outcomes(local_student(namespace), builds_on)["test_value"] == "failed"


def test_a_hang_is_told_as_one_where_an_answer_builds_on_another(suites: Path) -> None:
    """Of a worker that hung nothing can be restored, and trying that must not hide what
    happened.
    """
    (suites / "suites" / "mini" / "helper").mkdir()
    (suites / "suites" / "mini" / "helper" / "oracle.py").write_text(
        "def helper(x):\n    return x + x\n"
    )
    builds_on = Question(
        title="Double",
        notebook="lab",
        kind="code",
        points=6,
        covers=[],
        name="double",
        uses=["helper"],
    )

    class Hangs:
        """A worker whose first call takes too long, after which nothing answers."""

        alive = True

        def request(self, message: Any, callback: Any) -> Any:
            if not self.alive:
                raise StudentError("Crash", "your code's process had ended", fatal=True)
            if message[0] == "override":
                return ["ok", None, False]
            self.alive = False
            raise StudentError("Timeout", "it took longer than 1 s and was stopped", fatal=True)

    checks = run_question("mini", builds_on, lambda: Student(Session(Hangs())), "secret")
    assert [check.message for check in checks[:2]] == [
        "it took longer than 1 s and was stopped"
    ] * 2


CALLS_BACK = '''
from autograder.checks import is_true

def test_back(student):
    """works with any function"""
    def ours(x):
        if {broken}:
            raise KeyError("our mistake")
        return x[2]
    is_true(student.double(ours).shape == ())
'''


@pytest.mark.parametrize("broken", [True, False])
def test_a_function_of_ours_that_raises_is_not_the_students_fault(
    suites: Path, broken: bool
) -> None:
    write(suites, CALLS_BACK.replace("{broken}", str(broken)))
    (suites / "suites" / "mini" / "double" / "oracle.py").write_text(
        "import torch\n\ndef double(f):\n    return f(torch.ones(3))\n"
    )
    forget_suites()
    for argument in (3, 1):  # right, and a vector that is too short for it
        student = local_student({"double": lambda f, n=argument: f(torch.ones(n))})
        assert outcomes(student) == {
            "test_back": "ungraded" if broken else "passed" if argument == 3 else "failed"
        }


PARAMETERS = '''
import sys
import pytest
from autograder.checks import close

CASES = [1.0, 2.0]

@pytest.mark.parametrize(("factor", "name"), [(2.0, "two"), (3.0, "three")])
@pytest.mark.parametrize("shift", CASES)
def test_cases(draw, student, shift, factor, name):
    """scales"""
    sys.log_of_the_test.append((shift, factor, name, draw.normal(2)))
    close(student.double(factor * shift), 2 * factor * shift)

class TestTogether:
    @pytest.mark.parametrize("n", [4])
    def test_method(self, student, n):
        """doubles integers"""
        close(student.double(n), 2 * n)

def test_alone():
    """needs nobody"""
'''


def test_parameters_marks_and_methods_are_those_of_pytest(
    suites: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[Any] = []
    monkeypatch.setattr(sys, "log_of_the_test", log, raising=False)
    write(suites, PARAMETERS)
    right = local_student({"double": lambda x: 2 * x})
    names = [
        "test_cases[1.0-2.0-two]",
        "test_cases[1.0-3.0-three]",
        "test_cases[2.0-2.0-two]",
        "test_cases[2.0-3.0-three]",
    ]
    for _ in range(2):
        assert outcomes(right) == dict.fromkeys([*names, "test_method[4]", "test_alone"], "passed")
    assert [entry[:3] for entry in log] == 2 * [
        (1.0, 2.0, "two"),
        (1.0, 3.0, "three"),
        (2.0, 2.0, "two"),
        (2.0, 3.0, "three"),
    ]
    torch.testing.assert_close(log[0][3], Draw("secret", names[0]).normal(2))
    torch.testing.assert_close(log[4][3], log[0][3])


CHECK = 'def test_a(student):\n    """is right"""\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "is missing"),
        ("x = 1\n", "no check in it"),
        ("def test_a(student):\n    pass\n", "no docstring"),
        ("def test_a(:\n", "cannot be collected"),
        (f"ASPECTS = 3\n\n{CHECK}", "ASPECTS is not a dict"),
        (f"ASPECTS = {{'values': 0.9}}\n\n{CHECK}", "add up to 0.9 and not to 1"),
        (f"ASPECTS = {{'edges': 1.0}}\n\n{CHECK}", "belong to values, which ASPECTS does not"),
        (
            f"ASPECTS = {{'values': 0.5, 'edges': 0.5}}\n\n{CHECK}",
            "no check belongs to edges, which ASPECTS names",
        ),
        ('def test_a(tmp_path):\n    """is right"""\n', "needs the fixture 'tmp_path'"),
        (
            "import pytest\n\n@pytest.fixture\ndef own():\n    return "
            f"1\n\n{CHECK.replace('student', 'own')}",
            "needs the fixture 'own'",
        ),
        (
            f"import pytest\n\n@pytest.fixture(autouse=True)\ndef own():\n    yield\n\n{CHECK}",
            "needs the fixture 'own'",
        ),
        (f"def setup_module():\n    pass\n\n{CHECK}", "needs a setup or teardown function"),
        (f"import pytest\n\n@pytest.mark.skip\n{CHECK}", "is skipped"),
        (f"import pytest\n\n@pytest.mark.skipif(True, reason='no')\n{CHECK}", "is skipped"),
        (f"import pytest\n\n@pytest.mark.xfail\n{CHECK}", "is marked xfail"),
        (
            'import pytest\n\n@pytest.mark.parametrize("student", [1], indirect=True)\n' + CHECK,
            "indirect parameter",
        ),
    ],
)
def test_a_suite_that_is_not_in_order_is_a_course_error_that_names_the_file(
    suites: Path, text: str | None, message: str
) -> None:
    file = suites / "suites" / "mini" / "double" / "checks.py"
    if text is None:
        file.unlink()
        forget_suites()
    else:
        write(suites, text)
    with pytest.raises(CourseError, match=message) as caught:
        suite("mini", "double")
    assert str(file) in caught.value.message


def test_an_oracle_that_is_missing_is_a_course_error_that_names_the_file(suites: Path) -> None:
    (suites / "suites" / "mini" / "double" / "oracle.py").write_text(
        "def triple(x):\n    return 3 * x\n"
    )
    forget_suites()
    with pytest.raises(CourseError, match=r"double/oracle\.py does not define double"):
        oracle("mini", "double")


def test_what_a_student_is_told() -> None:
    assert (
        describe(
            StudentError("NotImplementedError", "", line=8, source="raise NotImplementedError()")
        )
        == "there is no answer yet"
    )
    assert (
        describe(StudentError("ValueError", "no", line=3, source="f(x)"))
        == "your code raised ValueError: no (line 3: f(x))"
    )
    assert describe(StudentError("Timeout", "it took too long")) == "it took too long"
