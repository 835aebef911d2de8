"""`student` as checks see it, over the loopback: values, gradients, handles, callbacks, overrides,
and what student errors become.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.checks import in_student, parameter_gradients
from autograder.errors import StudentError
from autograder.sandbox.proxy import (
    MAX_CALLBACKS,
    Session,
    Student,
    View,
    local_student,
    read_name,
    session_of,
    stand_ins,
)
from autograder.worker import codec

NOTEBOOK = '''
import torch

def scale(x, by=2.0):
    return by * x

def both(x, y):
    return {"sum": (x + y).sum(), "pair": (x * y, [y])}

def grow(x):
    x += 1
    return x

def slope_penalty(critic, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope ** 2).sum()

def trained_slope(critic, x):
    """The gradient of the penalty itself: a third derivative of the critic's values."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    (again,) = torch.autograd.grad((slope ** 2).sum(), x, create_graph=True)
    (third,) = torch.autograd.grad(again.sum(), x)
    return third

def composed(x):
    return scale(x, 3.0) + 1

class Counter:
    def __init__(self): self.n = 0
    def __call__(self, step): self.n += step; return self
    def __getitem__(self, i): return i * self.n

def make_counter(): return Counter()
def read(counter): return counter.n
kept = []
def keep(function, x):
    kept.append(function)
    return function(x)
def keep_backward(function, x):
    kept.append(function(x.requires_grad_()).sum())
    return x.detach()
def ask_kept(x): return kept[0](x)
def backward_kept(x): kept[0].backward()
def ask_often(function, x, times):
    for _ in range(times): function(x)
    return x
def fail(x): raise ValueError("not " + "this")
class Odd(Exception):
    def __str__(self): raise RuntimeError("no text")
def fail_oddly(): raise Odd
def leave(): raise SystemExit(3)
class Nameless(type):
    @property
    def __name__(cls): raise RuntimeError("no name")
class Hidden(Exception, metaclass=Nameless): pass
def fail_namelessly(): raise Hidden
def fail_with_bad_syntax():
    error = SyntaxError("odd")
    error.text, error.lineno = 5, "x"
    raise error
def laid_out(x): return [list(x.shape), x.is_contiguous()]
a_number = 4
'''


@pytest.fixture
def student() -> Student:
    namespace: dict[str, Any] = {}
    exec(compile(NOTEBOOK, "notebook", "exec"), namespace)
    return local_student(namespace)


def test_values_and_gradients_cross_as_if_the_function_were_here(student: Student) -> None:
    x = torch.randn(3, dtype=torch.float64, requires_grad=True)
    y = torch.randn(3, dtype=torch.float64, requires_grad=True)
    result = student.both(x, y)
    (result["sum"] ** 2 + result["pair"][0].sum()).backward()
    expected_x, expected_y = (
        x.detach().clone().requires_grad_(),
        y.detach().clone().requires_grad_(),
    )
    ((expected_x + expected_y).sum() ** 2 + (expected_x * expected_y).sum()).backward()
    torch.testing.assert_close(x.grad, expected_x.grad)
    torch.testing.assert_close(y.grad, expected_y.grad)
    assert isinstance(result["pair"], tuple)


def test_calls_chain_through_this_side(student: Student) -> None:
    x = torch.ones(2, requires_grad=True)
    student.scale(student.scale(x).exp(), by=3.0).sum().backward()
    torch.testing.assert_close(x.grad, 3 * 2 * torch.exp(torch.tensor([2.0, 2.0])))


def test_the_same_tensor_twice_gathers_both_gradients(student: Student) -> None:
    x = torch.tensor([3.0], requires_grad=True)
    student.both(x, x)["pair"][0].backward()
    torch.testing.assert_close(x.grad, torch.tensor([6.0]))


def test_arguments_are_copies_and_in_place_changes_are_seen(student: Student) -> None:
    x = torch.zeros(2)
    student.grow(x)
    assert session_of(student).mutated
    assert x.sum() == 0
    student.scale(x)
    assert not session_of(student).mutated


@pytest.mark.parametrize(
    "body",
    [
        "given.pop()",
        "given[0].data.add_(1)",
        "given[0].numpy()[0] = 5",
        "given[0].requires_grad_()",
        "given[0] = given[0] + 1",
        "given[1].update(b=1)",
        "given[1]['a'].append(3)",
    ],
)
def test_changes_anywhere_in_an_argument_are_seen(body: str) -> None:
    names: dict[str, Any] = {}
    exec(f"def f(given):\n    {body}\ndef g(given):\n    return len(given)", names)
    student = local_student(names)
    given = [torch.zeros(2), {"a": [1, 2]}]
    assert student.g(given) == 2 and not session_of(student).mutated
    student.f(given)
    assert session_of(student).mutated


def test_functions_passed_in_are_differentiable_to_third_order(student: Student) -> None:
    def critic(x: torch.Tensor) -> torch.Tensor:
        return (x**4).sum(dim=1) + 0.5 * x[:, 0] * x[:, 1]

    x = torch.randn(5, 2, dtype=torch.float64)
    leaf = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(critic(leaf).sum(), leaf, create_graph=True)
    torch.testing.assert_close(student.slope_penalty(critic, x), (slope**2).sum().detach())
    (again,) = torch.autograd.grad((slope**2).sum(), leaf, create_graph=True)
    (third,) = torch.autograd.grad(again.sum(), leaf)
    torch.testing.assert_close(student.trained_slope(critic, x), third)


def test_functions_die_with_their_check(student: Student) -> None:
    """Kept ones, kept graphs of theirs, and their numbers guessed."""
    x, session = torch.ones(3), session_of(student)
    with session.one_check():
        torch.testing.assert_close(student.keep(torch.exp, x), x.exp())
        torch.testing.assert_close(student.ask_kept(x), x.exp())  # in the same check it is alive
    with session.one_check():
        with pytest.raises(StudentError, match="cannot be evaluated"):
            student.ask_kept(x)
        assert "no such function" in session.broken_callback
    with session.one_check():
        torch.testing.assert_close(student.keep(torch.sin, x), x.sin())
        with pytest.raises(StudentError, match="cannot be evaluated"):
            student.ask_kept(x)  # the number of the first is not given to another


def test_a_kept_graph_of_a_function_is_dead_too(student: Student) -> None:
    x, session = torch.ones(3), session_of(student)
    with session.one_check():
        student.keep_backward(torch.exp, x)
    with session.one_check(), pytest.raises(StudentError, match="cannot be evaluated"):
        student.backward_kept(x)


def test_the_calls_of_a_check_s_functions_are_counted(student: Student) -> None:
    x, session = torch.ones(1), session_of(student)
    with session.one_check():
        student.ask_often(torch.exp, x, MAX_CALLBACKS)
        with pytest.raises(StudentError, match="cannot be evaluated"):
            student.ask_often(torch.exp, x, 1)
    with session.one_check():
        student.ask_often(torch.exp, x, 1)


def test_modules_stay_there_and_learn_there(student: Student) -> None:
    module = student.new("torch.nn.Linear", 3, 2)
    optimizer = student.new("torch.optim.SGD", module.parameters(), lr=0.5)
    before = module.state_dict()
    module(torch.ones(4, 3)).sum().backward()
    optimizer.step()
    after = module.state_dict()
    torch.testing.assert_close(after["bias"], before["bias"] - 0.5 * 4)


def test_handles_can_be_called_read_indexed_set_and_passed_back(student: Student) -> None:
    counter = student.make_counter()
    counter(5)
    assert (counter.n, counter[3], student.read(counter)) == (5, 15, 5)
    counter.n = 2
    assert student.read(counter) == 2
    assert read_name(student, "a_number") == 4


def test_views_are_made_there_and_carry_gradients(student: Student) -> None:
    x = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
    view = View(x, ("transpose", 0, 1))
    assert student.laid_out(view) == [[2, 3], False]
    student.scale(view, by=3.0).sum().backward()
    torch.testing.assert_close(x.grad, torch.full((3, 2), 3.0, dtype=torch.float64))
    student.grow(View(torch.zeros(2, 2), ("select", 1, 0)))
    assert session_of(student).mutated


def test_a_view_in_a_reply_is_refused() -> None:
    class Lying:
        alive = True

        def request(self, message: list[Any], callback: Any) -> Any:
            return ["ok", ["v", [1, 2], ["__class__"]], False]

    with pytest.raises(StudentError, match="unknown reference"):
        Student(Session(Lying())).scale(1)


def test_a_method_is_one_request_and_can_be_passed_on(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = student.new("torch.nn.Linear", 3, 2)
    asked: list[str] = []
    ask = Session.ask
    monkeypatch.setattr(
        Session, "ask", lambda self, op, *rest: (asked.append(op), ask(self, op, *rest))[1]
    )
    assert set(module.state_dict()) == {"weight", "bias"} and asked == ["call"]
    names = student.new("builtins.list", student.new("builtins.map", module.state_dict, []))
    assert names == []
    with pytest.raises(StudentError, match="no attribute 'step'"):
        module.step()


def test_networks_are_built_and_their_gradients_read_in_one_request_each(student: Student) -> None:
    twin = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh()).double()
    theirs = in_student(student, twin, ["Linear", 3, 2], ["Tanh"])
    x = torch.randn(4, 3, dtype=torch.float64)
    assert parameter_gradients(student, theirs, twin)[0][0].abs().sum() == 0
    for network in (theirs, twin):
        network(x).square().sum().backward()
    torch.testing.assert_close(*parameter_gradients(student, theirs, twin))
    lying = student.new("builtins.list")
    with pytest.raises(StudentError):
        parameter_gradients(student, lying, twin)


def test_names_of_the_notebook_can_be_replaced_for_a_while(student: Student) -> None:
    x = torch.ones(2, requires_grad=True)
    with stand_ins(student, {"scale": lambda x, by: by * x**2}):
        student.composed(x).sum().backward()
        torch.testing.assert_close(x.grad, torch.tensor([6.0, 6.0]))
    torch.testing.assert_close(student.composed(torch.ones(1)), torch.tensor([4.0]))


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("fail", "ValueError", "not this"),
        ("fail_oddly", "Odd", ""),
        ("leave", "SystemExit", "3"),
        ("fail_namelessly", "Exception", ""),
        ("fail_with_bad_syntax", "SyntaxError", "odd"),
        ("absent", "NameError", "'absent' is not defined"),
    ],
)
def test_what_student_code_raises_is_told_in_its_own_words(
    student: Student, name: str, kind: str, message: str
) -> None:
    with pytest.raises(StudentError) as caught:
        getattr(student, name)(*([1] if name == "fail" else []))
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert not caught.value.fatal
    if name == "fail":
        assert (
            caught.value.line
            == NOTEBOOK.splitlines().index('def fail(x): raise ValueError("not " + "this")') + 1
        )


class Liar:
    """A worker that answers whatever it is told to."""

    def __init__(self, *replies: Any) -> None:
        self.replies = list(replies)

    def request(self, message: list[Any], callback: Any) -> Any:
        return self.replies.pop(0)


TENSOR = ["T", "float64", [2], "cpu", True, b"\0" * 16, 5]
ON_META = ["l", [["T", "float64", [2], "meta", False, b"", 0]]]


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        "ok",
        ["ok"],
        ["ok", ["T"], False],
        ["error", 1, 2, 3, 4],
        ["error", "x", "y", "1", ""],
        ["ok", ["f", 0], False],
    ],
)
def test_an_unreadable_reply_is_a_fatal_failure_of_the_student(reply: Any) -> None:
    with pytest.raises(StudentError) as caught:
        Student(Session(Liar(reply))).anything(1)
    assert caught.value.fatal


@pytest.mark.parametrize(
    "gradients",
    [
        ["l", []],
        ["l", [3]],
        ["l", [["T", "float64", [3], "cpu", False, b"\0" * 24, 0]]],
        1,
        ON_META,
    ],
)
def test_gradients_that_do_not_fit_are_refused(gradients: Any) -> None:
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    result = Student(Session(Liar(["ok", TENSOR, False], ["ok", gradients, False]))).anything(x)
    with pytest.raises(StudentError):
        result.sum().backward()


def test_untrusted_text_is_cleaned() -> None:
    with pytest.raises(StudentError) as caught:
        Student(Session(Liar(["error", "E\x1b[31m", "a\nb" + "x" * 1000, 3, "\x00"]))).anything()
    assert "\x1b" not in caught.value.kind
    assert "\n" not in caught.value.message
    assert len(caught.value.message) <= 500


def test_a_callback_with_nonsense_is_answered_not_raised() -> None:
    session = Session(Liar(["ok", None, False]))
    session.call(["n", "f"], [lambda x, y: x * y], {})
    column, row = (
        codec.encode(torch.ones(shape), list, lambda _: 0) for shape in ((2**16, 1), (1, 2**16))
    )
    for message in (
        ["callback", 9, 0, [["l", []], ["d", []]], ["l", []]],
        ["callback", 1, 99, [], []],
        ["callback", [1], 0, [["l", []], ["d", []]], ["l", []]],
        ["callback", 1, 0, [["l", []], ["l", []]], ["l", []]],
        ["callback"] * 5,
        [
            "callback",
            1,
            0,
            [["l", [column, row]], ["d", []]],
            ["l", []],
        ],  # 32 KiB that would be 16 GiB
    ):
        assert session._answer_callback(message)[0] == "error"
