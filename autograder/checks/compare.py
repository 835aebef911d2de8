"""What a hidden suite is written with: comparisons that never show their values.

`student` is the proxy of autograder/sandbox/proxy.py, `draw` the random inputs of draw.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.errors import StudentError
from autograder.report import NOT_YET
from autograder.sandbox.proxy import Handle, Student, session_of

TAKEN = "return a tensor, a number, or a tuple, list or dict of these"
"""The results that checks compare, as a student reads it."""
ROUGH = {"rtol": 1e-3, "atol": 1e-4}
"""Agreement that tells a right formula, however imprecise, from a wrong one."""
NOT_FINITE = "the result is nan or infinite where it should be finite"


class CheckFailed(AssertionError):
    """The student's result is not right. The text is for staff; it names no expected value.

    told: a sentence for the student after the check's title, if there is more to say. It names
        kinds of results and no value.
    """

    def __init__(self, staff: str = "", *, told: str = "") -> None:
        super().__init__(staff)
        self.told = told


class NotComparable(Exception):
    """There is nothing to compare a result with: an oracle without a gradient, a value of nan.

    Neither a CheckFailed nor a CourseError: the value may be the student's own other result, so the
    reference decides whose fault it is.
    """


def close(actual: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-6) -> None:
    """Fail unless `actual` has the shape and, within tolerance, the values of `expected` (tensors,
    numbers, or nests of them).
    """
    if isinstance(expected, list | tuple):
        if not isinstance(actual, list | tuple) or len(actual) != len(expected):
            staff = f"expected {len(expected)} values, got {kind(actual)}"
            raise CheckFailed(staff, told=_told(actual, f"{len(expected)} results are asked for"))
        for mine, theirs in zip(actual, expected, strict=True):
            close(mine, theirs, rtol, atol)
        return
    if isinstance(expected, dict):
        if not isinstance(actual, dict) or actual.keys() != expected.keys():
            staff = f"expected a dict of {len(expected)} values, got {kind(actual)}"
            raise CheckFailed(staff, told=_told(actual, "a dict is asked for"))
        for key, theirs in expected.items():
            close(actual[key], theirs, rtol, atol)
        return
    theirs = _comparable(expected)
    mine = as_tensor(actual)
    _has_shape(mine, tuple(theirs.shape))
    if mine.device.type != theirs.device.type and not {mine.device.type, theirs.device.type} <= {
        "cpu",
        "cuda",
    }:
        # a meta tensor, which has a shape and no values, must not pass for any; nor may one of a
        # device that nobody asked for
        raise CheckFailed(f"on {mine.device}, expected on {theirs.device}")
    if mine.is_meta:
        return
    wide = torch.complex128 if mine.is_complex() or theirs.is_complex() else torch.float64
    mine, theirs = mine.detach().to("cpu", wide), theirs.detach().to("cpu", wide)
    if not torch.allclose(mine, theirs, rtol=rtol, atol=atol):
        odd = bool((~mine.isfinite() & theirs.isfinite()).any())
        raise CheckFailed(
            f"values are off by up to {float((mine - theirs).abs().max()):.3g}",
            told=NOT_FINITE if odd else "",
        )


def once_right(actual: Any, expected: Any) -> None:
    """Fail unless a result agrees in the rough: the first line of a check of a corner.

    A wrong formula fails everywhere. The student then reads of all such checks, in one sentence,
    that they are judged once the result is right.
    """
    try:
        close(actual, expected, **ROUGH)
    except CheckFailed as error:
        raise CheckFailed(f"not looked at: {error}", told=NOT_YET) from error


def _comparable(expected: Any) -> torch.Tensor:
    """The expected value as a tensor. Raises NotComparable when no result could agree with it."""
    try:
        theirs = torch.as_tensor(expected)
    except (ValueError, TypeError, RuntimeError) as error:
        raise NotComparable(f"a {kind(expected)} is expected, which is not a tensor") from error
    if not theirs.is_meta and bool(theirs.isnan().any()):
        raise NotComparable("the expected value is nan, which nothing equals")
    return theirs


def same(actual: Any, expected: Any) -> None:
    """Fail unless the values agree exactly: indices, counts, flags."""
    close(actual, expected, rtol=0.0, atol=0.0)


def has_shape(actual: Any, *shape: int) -> None:
    """Fail unless `actual` is a tensor (or number) of this shape."""
    _has_shape(as_tensor(actual), shape)


def _has_shape(actual: torch.Tensor, shape: tuple[int, ...]) -> None:
    if (found := tuple(actual.shape)) != shape:
        raise CheckFailed(
            f"shape {found}, expected {shape}", told=f"the shape {found} is not the one asked for"
        )


def is_true(condition: Any, staff: str = "") -> None:
    """Fail unless the condition holds. `staff` is kept for staff, never shown to students."""
    if not bool(condition):
        raise CheckFailed(staff or "the condition does not hold")


def refuses(call: Callable[..., Any], *given: Any) -> None:
    """Fail unless the student's call raises a ValueError."""
    try:
        call(*given)
    except StudentError as error:
        if error.kind != "ValueError":
            raise
        return
    raise CheckFailed("nothing was raised", told="nothing was raised")


def inputs_unchanged(student: Student) -> None:
    """Fail when the student's last call changed one of the tensors that it was given."""
    if session_of(student).mutated:
        raise CheckFailed("an argument was changed in place")


def has_dtype(actual: Any, dtype: torch.dtype) -> None:
    """Fail unless `actual` is a tensor of this dtype."""
    if not isinstance(actual, torch.Tensor) or actual.dtype != dtype:
        found = actual.dtype if isinstance(actual, torch.Tensor) else "no dtype"
        told = (
            f"the result is of {found}".replace("torch.", "")
            if isinstance(actual, torch.Tensor)
            else _told(actual, "a tensor is asked for")
        )
        raise CheckFailed(f"{kind(actual)} of {found}, expected {dtype}", told=told)


def same_gradients(
    call: Callable[..., Any],
    oracle: Callable[..., Any],
    *inputs: torch.Tensor,
    rtol: float = 1e-4,
    atol: float = 1e-7,
) -> None:
    """Fail unless `call` sends the gradients to its inputs that `oracle` sends.

    Each element of the output has its own weight. The student reads to which argument a gradient is
    wrong, by the name of that parameter of `oracle`. Raises NotComparable when the oracle sends
    none, before the student's code is asked.
    """
    try:
        found = _gradients(oracle, inputs)
    except CheckFailed as error:
        raise NotComparable(f"the oracle's {error}") from error
    staff, told = [], []
    actual = _gradients(call, inputs)
    for name, tensor, mine, theirs in zip(
        _names(oracle, inputs), inputs, actual, found, strict=True
    ):
        nothing = torch.zeros_like(tensor)
        try:
            close(
                nothing if mine is None else mine,
                nothing if theirs is None else theirs,
                rtol,
                atol,
            )
        except CheckFailed as error:
            staff.append(f"{name}: {error}")
            told.append(
                f"no gradient reaches {name or 'your argument'}"
                if mine is None
                else f"the gradient{name and ' of '}{name} is nan or infinite"
                if error.told == NOT_FINITE
                else f"the gradient{name and ' of '}{name} is not right"
            )
    if staff:
        raise CheckFailed("; ".join(staff), told="; ".join(told))


def _names(function: Callable[..., Any], inputs: Sequence[torch.Tensor]) -> list[str]:
    """What the inputs are called; nothing where there is only one."""
    if len(inputs) == 1:
        return [""]
    names = [f"`{name}`" for name in inspect.signature(function).parameters]
    numbers = [f"argument {number + 1}" for number in range(len(inputs))]
    return (names if len(names) >= len(inputs) else numbers)[: len(inputs)]


def _gradients(
    call: Callable[..., Any], inputs: Sequence[torch.Tensor]
) -> list[torch.Tensor | None]:
    """The gradient of each input; None where none arrived."""
    leaves = [tensor.detach().clone().requires_grad_() for tensor in inputs]
    output = call(*leaves)
    if not isinstance(output, torch.Tensor) or not output.requires_grad:
        raise CheckFailed(
            "result has no gradient",
            told="no gradient flows through the result"
            if isinstance(output, torch.Tensor)
            else _told(output, "a tensor is asked for"),
        )
    # unequal cotangents, so that gradients of the wrong element do not go unseen
    cotangent = torch.linspace(1.5, 0.5, output.numel(), dtype=output.dtype, device=output.device)
    output.backward(cotangent.reshape(output.shape))
    return [leaf.grad for leaf in leaves]


def number(actual: Any) -> float:
    """A result that may be a float or a 0-d tensor, as a plain number. Fails for anything else.

    NumPy's scalars and 0-d arrays cross the pipe as 0-d tensors.
    """
    if isinstance(actual, torch.Tensor) and actual.ndim == 0:
        return float(actual.detach())
    if isinstance(actual, float):
        return actual
    raise CheckFailed(
        f"a {kind(actual)} is not a number", told=_told(actual, "one number is asked for")
    )


def as_tensor(actual: Any) -> torch.Tensor:
    """A result as a tensor: a tensor, a number, or a list of numbers. Fails for anything else."""
    if isinstance(actual, torch.Tensor):
        return actual
    if isinstance(actual, bool | int | float | complex) or (isinstance(actual, list) and actual):
        try:
            return torch.as_tensor(actual)
        except (ValueError, TypeError, RuntimeError):
            pass
    raise CheckFailed(
        f"expected a tensor, got {kind(actual)}", told=_told(actual, "one tensor is asked for")
    )


def kind(value: Any) -> str:
    """What sort of value it is, without the value."""
    if isinstance(value, Handle):
        return object.__getattribute__(value, "_kind") or "object"
    return (
        f"{type(value).__name__} of {len(value)}"
        if isinstance(value, list | tuple | dict)
        else type(value).__name__
    )


def _told(actual: Any, asked: str) -> str:
    """What a student reads about a result of another kind than is asked for.

    Empty for None, which may be a gradient that is missing and not a result.
    """
    if actual is None:
        return ""
    if isinstance(actual, torch.Tensor | bool | int | float | complex | list | tuple | dict):
        what = f"{kind(actual)} values" if isinstance(actual, list | tuple | dict) else kind(actual)
        if isinstance(actual, torch.Tensor):
            what = f"tensor with {actual.ndim} dimensions"
        return f"your code returned a {what.lower()}; {asked}"
    return f"your code returned an object of type {kind(actual)}; {TAKEN}"
