"""The usual checks: what each refuses, and that it fails for its own reason only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from autograder.checks import suite
from autograder.checks.judge import run_question
from autograder.checks.usual import ASPECT, CHECKS, usual_checks
from autograder.course.assignment import Question, suites_folder
from autograder.report import NOT_YET, Check
from autograder.sandbox.proxy import local_student

ORACLE = '''
def pair(x, y):
    """Column sums of the product, and a sum."""
    return (x * y).sum(0), x.sum()
'''

SUITE = """
from autograder.checks import usual_checks
from autograder.suites.mini.pair import oracle

ASPECTS = {{"conventions": 1.0}}

globals().update(
    usual_checks(oracle.pair, lambda draw: (draw.normal(4, 3), draw.normal(4, 3)){options})
)
"""

QUESTION = Question(title="Pair", notebook="lab", kind="code", points=6, covers=[], name="pair")


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    """A course whose one suite is the usual checks of `pair`."""
    import autograder.suites

    before = list(autograder.suites.__path__)
    folder = suites_folder(tmp_path) / "mini" / "pair"
    folder.mkdir(parents=True)
    (folder / "oracle.py").write_text(ORACLE)
    (folder / "checks.py").write_text(SUITE.format(options=""))
    suite.use_suites_of(tmp_path)
    yield folder
    autograder.suites.__path__[:] = before
    suite.forget_suites()


def results(function: Any) -> dict[str, Check]:
    student = local_student({"pair": function})
    checks = run_question("mini", QUESTION, lambda: student, "secret")
    return {check.name.removeprefix("test_"): check for check in checks}


def failing(function: Any) -> set[str]:
    return {name for name, check in results(function).items() if check.outcome != "passed"}


def right(x: Any, y: Any) -> Any:
    return torch.einsum("bd,bd->d", x, y), x.sum()


def test_a_right_answer_passes_all_and_each_is_a_check_of_its_own(course: Path) -> None:
    found = results(right)
    assert (
        list(found) == list(CHECKS) == ["inputs", "dtype", "device", "layout", "history", "twice"]
    )
    assert failing(right) == set()
    assert failing(constant_of_single_precision) == set()
    assert [check.aspect for check in found.values()] == [ASPECT] * 6
    assert found["inputs"].title == "leaves its arguments as they were"


def own_precision(x: Any, y: Any) -> Any:
    return (x.float() * y.float()).sum(0).to(x.dtype), x.sum()


def one_precision(x: Any, y: Any) -> Any:
    return (x.double() * y.double()).sum(0), x.sum()


def in_place(x: Any, y: Any) -> Any:
    total = x.sum()
    return x.mul_(y).sum(0), total


def constant_of_single_precision(x: Any, y: Any) -> Any:
    """Right: the constant is off by 6e-8, and nothing is lost on the way."""
    third = torch.tensor(1.0) / 3
    return (x * y).sum(0) * (3 * third.item()), x.sum()


def behind_the_counter(x: Any, y: Any) -> Any:
    """Torch's version counter does not see it."""
    result = (x * y).sum(0), x.sum()
    x.data.mul_(2.0)
    return result


def through_numpy(x: Any, y: Any) -> Any:
    result = (x * y).sum(0), x.sum()
    if x.device.type == "cpu":
        y.numpy()[0] = 0.0
    return result


def marked(x: Any, y: Any) -> Any:
    """Leaves an argument that needs gradients from now on."""
    result = (x * y).sum(0), x.sum()
    if type(x) is torch.Tensor:
        x.requires_grad_()
    return result


def own_cpu_tensor(x: Any, y: Any) -> Any:
    return (x * y).sum(0) + torch.zeros(3, dtype=x.dtype), x.sum()


def flattened(x: Any, y: Any) -> Any:
    return (x.view(-1) * y.view(-1)).view(x.shape).sum(0), x.sum()


def raw_memory(x: Any, y: Any) -> Any:
    flat = torch.as_strided(x, (x.numel(),), (1,), x.storage_offset())
    return (flat.reshape(x.shape) * y).sum(0), x.sum()


def with_history(x: Any, y: Any) -> Any:
    x = x.detach().requires_grad_()
    return (x * y).sum(0), x.sum()


def noisy(x: Any, y: Any) -> Any:
    return (x * y).sum(0) + torch.rand(x.shape[1], dtype=x.dtype), x.sum()


class RunningMean:
    """Keeps a total between calls."""

    def __init__(self) -> None:
        self.total: Any = 0.0

    def __call__(self, x: Any, y: Any) -> Any:
        self.total = 0.5 * self.total + (x * y).sum(0)
        return self.total, x.sum()


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (own_cpu_tensor, {"device"}),
        (own_precision, {"dtype"}),
        (one_precision, {"dtype"}),
        (in_place, {"inputs"}),
        (behind_the_counter, {"inputs"}),
        (through_numpy, {"inputs"}),
        (marked, {"inputs"}),
        (flattened, {"layout"}),
        (raw_memory, {"layout"}),
        (with_history, {"history"}),
    ],
)
def test_each_fault_fails_its_own_check_alone(
    course: Path, function: Any, expected: set[str]
) -> None:
    assert failing(function) == expected


def test_state_and_noise_are_found_by_calling_again(course: Path) -> None:
    assert "twice" in failing(noisy)
    assert "twice" in failing(RunningMean())


def test_state_that_spoils_the_result_is_told_as_state(course: Path) -> None:
    found = results(RunningMean())
    assert found["twice"].message == "" and found["dtype"].message == NOT_YET


def test_a_wrong_formula_and_a_constant_pass_none_of_them(course: Path) -> None:
    """And the student reads why: these are judged once the result is right."""
    for wrong in (
        lambda x, y: ((x + y).sum(0), y.sum()),
        lambda x, y: (torch.zeros_like(x[0]), torch.zeros_like(x[0, 0])),
    ):
        assert failing(wrong) == set(CHECKS)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: None,
        lambda x, y: (x * y).sum(0),
        lambda x, y: ((x * y).sum(), x.sum()),
        lambda x, y: ((x * y).sum(0) / 0, x.sum()),
        lambda x, y: ((x * y).sum(0).to("meta"), x.sum()),
        lambda x, y: ("text", x.sum()),
    ],
)
def test_what_is_not_of_the_oracles_kind_passes_none_of_them(course: Path, function: Any) -> None:
    assert failing(function) == set(CHECKS)


def test_options_are_checked_when_the_suite_is_read(course: Path) -> None:
    checks = usual_checks(len, lambda draw: (draw.normal(2),), without=("dtype",))
    assert list(checks) == [f"test_{name}" for name in CHECKS if name != "dtype"]
    assert checks["test_inputs"].__doc__ == "leaves its argument as it was"
    with pytest.raises(ValueError, match="dtypes: the usual checks are inputs"):
        usual_checks(len, lambda draw: (draw.normal(2),), without=("dtypes",))


def test_several_calls_are_checked_one_by_one(course: Path) -> None:
    text = SUITE.format(options="").replace(
        "lambda draw: (draw.normal(4, 3), draw.normal(4, 3))",
        "lambda draw: ((draw.normal(n, 3), draw.normal(n, 3)) for n in (2, 5))",
    )
    (course / "checks.py").write_text(text)
    suite.forget_suites()

    def five_is_changed(x: Any, y: Any) -> Any:
        return in_place(x, y) if len(x) == 5 else right(x, y)

    assert "inputs" in failing(five_is_changed)
    assert "inputs" not in failing(right)


def test_the_first_call_and_the_oracle_serve_all_of_them(course: Path) -> None:
    calls: list[torch.Tensor] = []

    def counted(x: Any, y: Any) -> Any:
        calls.append(x)
        return right(x, y)

    assert failing(counted) == set()
    # the first, float64 a step away and float32, the other device, two views, two of `twice`
    assert len(calls) == 8
    failing(counted)
    assert torch.equal(calls[0], calls[8])


def test_what_is_shared_belongs_to_one_meaning_of_the_names(course: Path) -> None:
    """An answer that builds on an earlier, wrong one is called again with the reference there."""
    (course.parent / "product").mkdir(exist_ok=True)
    (course.parent / "product" / "oracle.py").write_text("def product(x, y):\n    return x * y\n")
    namespace: dict[str, Any] = {"product": lambda x, y: x + y}
    namespace["pair"] = lambda x, y: (namespace["product"](x, y).sum(0), x.sum())
    question = msgspec.structs.replace(QUESTION, uses=["product"])
    student = local_student(namespace)
    checks = run_question("mini", question, lambda: student, "secret")
    assert {check.outcome for check in checks} == {"passed"}
