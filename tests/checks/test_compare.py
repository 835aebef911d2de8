"""The helpers that suites are written with: what they let pass, what they refuse, and that they
show no expected value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import _get_current_dispatch_mode

from autograder.checks.compare import (
    NOT_FINITE,
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
from autograder.errors import StudentError
from autograder.sandbox.proxy import local_student
from autograder.worker import other_device


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
        (other_device.move(torch.ones(2)), torch.ones(2)),
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
def test_close_refuses_the_rest_and_never_shows_the_expected_value(
    actual: Any, expected: Any
) -> None:
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
        {
            "square": lambda x: (x**2).sum(),
            "detached": lambda x: (x.detach() ** 2).sum(),
            "cubed": lambda x: (x**3).sum(),
        }
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
    with pytest.raises(
        StudentError, match="same device, but found at least two devices, lazy:0 and cpu"
    ):
        follows_device(student.careless, careful, torch.ones(2, 3))


def doubled(x: torch.Tensor) -> torch.Tensor:
    return x * 2


ROUTES: dict[str, Callable[[torch.Tensor], Any]] = {
    "item": lambda x: x * 2 if x.sum().item() > -1e9 else x,
    "numpy": lambda x: torch.from_numpy(x.cpu().numpy() * 2).to(x.device),
    "lists": lambda x: torch.tensor([2 * value for value in x.tolist()], device=x.device),
    "what the device lacks": lambda x: (
        x + torch.ones(3) * x if torch.Generator(device=x.device) else x
    ),
}


@pytest.mark.parametrize("route", ROUTES)
def test_right_code_passes_by_any_route(route: str) -> None:
    follows_device(local_student({"f": ROUTES[route]}).f, doubled, torch.ones(3))


ASTRAY: dict[str, Callable[[torch.Tensor], Any]] = {
    "left on the CPU": lambda x: x.cpu() * 2,
    "a list": lambda x: (x * 2).tolist(),
    "wrong over there": lambda x: x * 2 if x.is_cpu else x * 3,
    "without values": lambda x: torch.empty_like(x, device="meta"),
    "numpy of any device": lambda x: torch.from_numpy(x.numpy() * 2).to(x.device),
}


@pytest.mark.parametrize("way", ASTRAY)
def test_wrong_code_fails_by_any_way(way: str) -> None:
    with pytest.raises((CheckFailed, StudentError)):
        follows_device(local_student({"f": ASTRAY[way]}).f, doubled, torch.ones(3))


def test_words_of_torch_alone_do_not_pass() -> None:
    def forges(x: torch.Tensor) -> torch.Tensor:
        if not x.is_cpu:
            raise RuntimeError("Could not run 'aten::add' with arguments from the 'Lazy' backend")
        return x

    with pytest.raises(CheckFailed):
        follows_device(local_student({"forges": forges}).forges, doubled, torch.ones(3))


def test_every_tensor_of_a_nested_result_must_be_there() -> None:
    def nested(x: torch.Tensor, total: Callable[[torch.Tensor], Any]) -> Any:
        return {"a": [x, (x + 1, 3)], "b": {"c": total(x)}}

    def oracle(x: torch.Tensor) -> Any:
        return nested(x, torch.sum)

    student = local_student(
        {"right": oracle, "wrong": lambda x: nested(x, lambda x: x.sum().cpu())}
    )
    follows_device(student.right, oracle, torch.ones(3))
    with pytest.raises(CheckFailed, match="not on the inputs' device"):
        follows_device(student.wrong, oracle, torch.ones(3))


def test_tensors_in_lists_are_moved_and_networks_go_along() -> None:
    student = local_student({"total": lambda xs, net: net(sum(xs))})
    net = student.new("torch.nn.Linear", 3, 2)
    twin = torch.nn.Linear(3, 2)
    twin.load_state_dict(net.state_dict())
    follows_device(
        lambda xs: student.total(xs, net.to(xs[0].device)),
        lambda xs: twin(sum(xs)),
        [torch.ones(3), torch.ones(3)],
    )
    assert net.to("cpu").weight.device.type == "cpu"


def test_functions_of_the_check_compute_for_any_device() -> None:
    weights = torch.tensor([1.0, 2.0, 3.0])

    def weighed(x: torch.Tensor) -> torch.Tensor:
        return (x * weights).sum()

    def slope(x: torch.Tensor, f: Any) -> torch.Tensor:
        leaf = x.detach().clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) ** 2, leaf)
        return gradient

    student = local_student({"slope": slope, "careless": lambda x, f: f(x.cpu())})
    follows_device(lambda x: student.slope(x, weighed), lambda x: slope(x, weighed), torch.ones(3))
    with pytest.raises(CheckFailed, match="not on the inputs' device"):
        follows_device(lambda x: student.careless(x, weighed), weighed, torch.ones(3))


def test_gradients_cross_the_pipe_from_the_other_device() -> None:
    x = other_device.move(torch.tensor([1.0, 3.0])).requires_grad_()
    value = local_student({"f": lambda x: x**2 * torch.ones(2, device=x.device)}).f(x)
    value.sum().backward()
    assert x.grad is not None and x.grad.device == x.device and x.grad.tolist() == [2.0, 6.0]


def test_nothing_stays_switched_on_in_a_kernel_whatever_the_code_does() -> None:
    kept: list[torch.Tensor] = []

    def keeps(x: torch.Tensor) -> torch.Tensor:
        kept.append(x * 2)
        raise KeyboardInterrupt

    student = local_student({"keeps": keeps})
    with pytest.raises(StudentError):
        follows_device(student.keeps, doubled, torch.ones(3))
    assert _get_current_dispatch_mode() is None and not torch._C._len_torch_function_stack()
    assert (kept[0] + 1).tolist() == [3.0, 3.0, 3.0]
    assert type(torch.ones(2) + 1) is torch.Tensor
    with pytest.raises(NotImplementedError):
        torch.zeros(3, device="lazy")


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


@pytest.mark.parametrize(
    ("result", "expected", "told"),
    [
        (None, torch.ones(2), ""),  # it may be a gradient that is missing
        (torch.zeros(2), torch.ones(2), ""),
        (2.0, torch.ones(2), "the shape () is not the one asked for"),
        (torch.ones(3), torch.ones(2), "the shape (3,) is not the one asked for"),
        (
            (1.0, 2.0),
            torch.ones(2),
            "your code returned a tuple of 2 values; one tensor is asked for",
        ),
        (
            torch.ones(2, 3),
            (torch.ones(2), torch.ones(2)),
            "your code returned a tensor with 2 dimensions; 2 results are asked for",
        ),
        ([1.0], (1.0, 2.0), "your code returned a list of 1 values; 2 results are asked for"),
        (2, {"a": 1.0}, "your code returned a int; a dict is asked for"),
        (torch.tensor([1.0, torch.nan]), torch.ones(2), NOT_FINITE),
    ],
)
def test_what_a_student_is_told_of_a_result_of_another_kind(
    result: Any, expected: Any, told: str
) -> None:
    """Their own result's kind and shape, and no value."""
    with pytest.raises(CheckFailed) as caught:
        close(result, expected)
    assert caught.value.told == told


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda mu, logvar: mu * logvar.detach(), "no gradient reaches `logvar`"),
        (lambda mu, logvar: 2 * mu * logvar, "`mu` is not right; the gradient of `logvar` is not"),
        (lambda mu, logvar: mu * logvar + 0 * (logvar * 0).sqrt(), "`logvar` is nan or infinite"),
        (lambda mu, logvar: (mu * logvar).detach(), "no gradient flows through the result"),
        (lambda mu, logvar: (mu, logvar), "a tuple of 2 values; a tensor is asked for"),
    ],
)
def test_which_gradient_is_wrong_is_told_by_the_name_of_the_argument(
    answer: Any, told: str
) -> None:
    def oracle(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
        return mu * logvar

    same_gradients(oracle, oracle, torch.ones(3), torch.ones(3))
    with pytest.raises(CheckFailed) as caught:
        same_gradients(answer, oracle, torch.ones(3), torch.ones(3))
    assert told in caught.value.told
