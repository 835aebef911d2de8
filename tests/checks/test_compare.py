"""The helpers that suites are written with: what they let pass, what they refuse, and that they show no expected value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.checks.compare import (
    TAKEN,
    CheckFailed,
    NotComparable,
    close,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    number,
    same,
    same_gradients,
)
from autograder.checks.device import follows_device
from autograder.checks.draw import Draw
from autograder.sandbox.proxy import local_student


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 1e-7])),
        (3.0, torch.tensor(3.0)),
        (torch.tensor(3), 3),
        ([torch.ones(2), 1.0], (torch.ones(2), 1.0)),
        ({"a": torch.ones(1)}, {"a": torch.ones(1)}),
        (torch.tensor([float("inf")]), torch.tensor([float("inf")])),
        (torch.empty(2, 3, device="meta"), torch.empty(2, 3, device="meta")),
        ([1.0, 2.0], torch.tensor([1.0, 2.0])),
    ],
)
def test_close_passes_what_agrees(actual: Any, expected: Any) -> None:
    close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.1])),
        (torch.ones(1), torch.tensor(1.0)),
        (torch.empty(2, device="meta"), torch.ones(2)),
        (torch.ones(2), torch.empty(2, device="meta")),
        (torch.ones(2, 1), torch.ones(2)),
        (None, torch.tensor(1.0)),
        ("1.0", torch.tensor(1.0)),
        ([torch.ones(2)], (torch.ones(2), 1.0)),
        (torch.ones(2), (torch.ones(1), torch.ones(1))),
        ({"b": 1.0}, {"a": 1.0}),
        ([["ragged"], 1.0], torch.tensor([1.0, 2.0])),
        (object(), torch.tensor(1.0)),
    ],
)
def test_close_refuses_the_rest_and_never_shows_the_expected_value(actual: Any, expected: Any) -> None:
    with pytest.raises(CheckFailed) as caught:
        close(actual, expected)
    assert "2.1" not in str(caught.value)


def test_the_other_helpers() -> None:
    same(torch.tensor([3, 1]), torch.tensor([3, 1]))
    has_shape(torch.ones(2, 3), 2, 3)
    has_dtype(torch.ones(1), torch.float32)
    is_true(torch.tensor(True))
    for fail in (
        lambda: same(1.0000001, 1.0),
        lambda: has_shape(torch.ones(2, 3), 3, 2),
        lambda: has_dtype(torch.ones(1), torch.float64),
        lambda: is_true(False, "why"),
    ):
        with pytest.raises(CheckFailed):
            fail()


def test_draws_are_fixed_by_secret_and_check_and_differ_between_them() -> None:
    first = Draw("secret", "test_a").normal(3, 2)
    assert first.dtype == torch.float64
    torch.testing.assert_close(Draw("secret", "test_a").normal(3, 2), first)
    assert not torch.equal(Draw("other", "test_a").normal(3, 2), first)
    assert not torch.equal(Draw("secret", "test_b").normal(3, 2), first)
    draw = Draw("secret", "test_a")
    low = draw.uniform(1000, low=-2.0, high=3.0)
    assert low.min() >= -2
    assert low.max() < 3
    assert set(draw.integers(1, 4, 200).tolist()) == {1, 2, 3}
    assert sorted(draw.permutation(9).tolist()) == list(range(9))


def test_gradients_are_compared_through_the_proxy() -> None:
    student = local_student(
        {"square": lambda x: (x**2).sum(), "detached": lambda x: (x.detach() ** 2).sum(), "cubed": lambda x: (x**3).sum()}
    )
    x = torch.tensor([1.0, 3.0], dtype=torch.float64)
    same_gradients(student.square, lambda x: (x**2).sum(), x)
    for name in ("detached", "cubed"):
        with pytest.raises(CheckFailed):
            same_gradients(getattr(student, name), lambda x: (x**2).sum(), x)


def test_a_tensor_of_its_own_on_the_cpu_is_found_without_a_gpu() -> None:
    def careless(x: torch.Tensor) -> torch.Tensor:
        return x + torch.ones(3, dtype=x.dtype)

    def careful(x: torch.Tensor) -> torch.Tensor:
        return x + torch.ones(3, dtype=x.dtype, device=x.device)

    student = local_student({"careless": careless, "careful": careful})
    follows_device(student.careful, careful, torch.ones(2, 3))
    with pytest.raises(Exception, match=r"device|meta"):
        follows_device(student.careless, careful, torch.ones(2, 3))


def test_code_that_looks_at_values_is_asked_for_them_and_torchs_words_alone_are_not_enough() -> None:
    def looks(x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.sum().item() > -1e9 else x

    def forges(x: torch.Tensor) -> torch.Tensor:
        if x.is_meta:
            raise RuntimeError("Tensor.item() cannot be called on meta tensors")
        return x

    student = local_student({"looks": looks, "forges": forges})
    follows_device(student.looks, lambda x: x * 2, torch.ones(3))
    with pytest.raises(CheckFailed):
        follows_device(student.forges, lambda x: x * 2, torch.ones(3))


def test_changing_an_argument_in_place_is_found() -> None:
    student = local_student({"add": lambda x: x.add_(1), "plus": lambda x: x + 1})
    student.plus(torch.ones(2))
    inputs_unchanged(student)
    student.add(torch.ones(2))
    with pytest.raises(CheckFailed):
        inputs_unchanged(student)


def test_an_oracle_without_a_gradient_is_not_the_students_fault() -> None:
    x = torch.ones(3)
    with pytest.raises(NotComparable, match="the oracle's result has no gradient"):
        same_gradients(lambda x: x.detach(), lambda x: x.detach(), x)
    with pytest.raises(CheckFailed):
        same_gradients(lambda x: x.detach(), lambda x: 2 * x, x)


@pytest.mark.parametrize("expected", [float("nan"), torch.tensor([1.0, float("nan")]), None, "1.0"])
def test_a_value_that_nothing_equals_is_not_the_students_fault(expected: Any) -> None:
    with pytest.raises(NotComparable):
        close(torch.ones(2), expected)


@pytest.mark.parametrize(
    "result", [2.5, torch.tensor(2.5), np.float64(2.5), np.float32(2.5), np.array(2.5)]
)
def test_numbers_of_every_kind_are_numbers(result: Any) -> None:
    assert number(local_student({"loss": lambda: result}).loss()) == 2.5


def test_a_student_is_told_of_a_kind_of_result_that_is_not_taken() -> None:
    class MyResult:
        loss = 1.0

    student = local_student({"answer": lambda: MyResult(), "text": lambda: "1.0"})
    said = f"your code returned an object of type MyResult; {TAKEN}"
    for fail in (
        lambda value: close(value, torch.ones(2)),
        lambda value: close(value, (1.0, 2.0)),
        lambda value: close(value, {"a": 1.0}),
        lambda value: has_dtype(value, torch.float32),
        lambda value: has_shape(value, 2),
        number,
    ):
        with pytest.raises(CheckFailed) as caught:
            fail(student.answer())
        assert caught.value.told == said
    with pytest.raises(CheckFailed) as caught:
        close(student.text(), 1.0)
    assert caught.value.told.startswith("your code returned an object of type str;")
    for value in (None, 2.0, torch.ones(3), (1.0, 2.0)):  # None may be a gradient that is missing
        with pytest.raises(CheckFailed) as caught:
            close(value, torch.ones(2))
        assert caught.value.told == ""
