"""The checks that nearly every suite has, in one line.

`globals().update(usual_checks(oracle.kl_divergence, inputs))` in a suite's `checks.py` gives all.
Each looks for its own fault only: a result is compared with another result of the same answer. But
none passes for an answer whose formula is wrong, or a constant would earn the points of memory,
device and precision; the student then reads that this is judged once the result is right.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from autograder.checks.aspects import aspect
from autograder.checks.compare import (
    CheckFailed,
    NotComparable,
    as_tensor,
    close,
    has_dtype,
    inputs_unchanged,
    is_true,
    once_right,
)
from autograder.checks.device import follows_device
from autograder.checks.draw import Draw
from autograder.sandbox.proxy import Student, View, session_of

Inputs = Callable[[Draw], tuple[Any, ...] | Iterable[tuple[Any, ...]]]
"""Gives the arguments of a call as a tuple; or, as a generator, those of several calls."""

ASPECT = "conventions"
"""Theirs, whose weight they share with what a suite adds to it."""
STEP = 1e-8
"""The relative change of the inputs that float64 sees and float32 (6e-8) does not."""


@dataclass(frozen=True, eq=False)
class _Given:
    """What one call of the answer is asked, the same in all of the usual checks of a class."""

    given: tuple[Any, ...]
    other: tuple[Any, ...]
    """Arguments of the same kind and with other values."""
    expected: Any
    """What the oracle returns for `given`."""


@dataclass(frozen=True)
class _Case:
    """The arguments of one call, the answer that is called, and the oracle that it should match."""

    student: Student
    oracle: Callable[..., Any]
    asked: _Given
    rtol: float
    atol: float

    @property
    def given(self) -> tuple[Any, ...]:
        return self.asked.given

    @property
    def expected(self) -> Any:
        return self.asked.expected

    def answer(self, *args: Any) -> Any:
        """What the answer returns for `given` in any precision, if it is of the kind expected."""
        value = self.call(*args)
        _alike(value, self.expected)
        return value

    def judged(self) -> Any:
        """What the answer returns for `given`, if it agrees with the oracle in the rough."""
        value, _ = self.first()
        once_right(value, self.expected)
        return value

    def first(self) -> tuple[Any, bool]:
        """What the first call with `given` returned, and whether it changed its arguments. The
        usual checks of a question share it.
        """
        session = session_of(self.student)
        if self.asked not in session.shared:
            value = self.call(*self.given)
            session.shared[self.asked] = value, session.mutated
        value, mutated = session.shared[self.asked]
        return value, mutated

    def call(self, *args: Any) -> Any:
        return getattr(self.student, self.oracle.__name__)(*args)


def usual_checks(
    oracle: Callable[..., Any],
    inputs: Inputs,
    *,
    without: Sequence[str] = (),
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> dict[str, Callable[..., None]]:
    """The usual checks of the question that `oracle` answers, by the names that pytest collects.

    inputs: floating tensors in float64, on the CPU; also lists of tensors, numbers and texts.
    without: names of checks that make no sense here, or that the suite writes itself (`dtype`).
    rtol, atol: how precisely a right answer agrees with the oracle in float64. A constant made in
    float32 (off by 6e-8) is no mistake; float32 in between is one, which `dtype` finds otherwise.
    Raises ValueError for an unknown name.
    """
    if unknown := set(without) - CHECKS.keys():
        raise ValueError(f"{', '.join(sorted(unknown))}: the usual checks are {', '.join(CHECKS)}")
    several = _n_tensors(next(_cases(inputs, Draw("", "")))) > 1

    @lru_cache(maxsize=1)
    def asked(secret: str) -> list[_Given]:
        draw = Draw(secret, "usual")
        both = zip(_cases(inputs, draw), _cases(inputs, draw), strict=True)
        return [_Given(given, other, oracle(*given)) for given, other in both]

    def check(name: str) -> Callable[..., None]:
        body, one, many = CHECKS[name]

        def run(student: Student, draw: Draw) -> None:
            for each in asked(draw.secret):
                body(_Case(student, oracle, each, rtol, atol))

        run.__name__, run.__doc__ = f"test_{name}", many if several else one
        return aspect(ASPECT)(run)

    return {f"test_{name}": check(name) for name in CHECKS if name not in without}


def _inputs(case: _Case) -> None:
    """The answer changes none of its arguments in place, because the caller needs them again."""
    case.judged()
    is_true(not case.first()[1], "an argument was changed in place")


def _dtype(case: _Case) -> None:
    """float32 gives float32 and float64 gives float64, in all its digits."""
    value = case.judged()
    try:
        close(value, case.expected, case.rtol, case.atol)
    except CheckFailed as error:
        told = "the result is nearly right, but off by more than rounding explains"
        raise CheckFailed(str(error), told=told) from error
    _has_dtypes(value, case.expected, torch.float64)
    _follows_small_changes(case, value)
    single = case.answer(*_converted(case.given, torch.float32))
    _has_dtypes(single, case.expected, torch.float32)


def _follows_small_changes(case: _Case, value: Any) -> None:
    """Fail if a change of the inputs that float32 cannot hold is lost on the way.

    The difference of two results is looked at, in which a constant of float32 cancels.
    """
    nudged = [_nudged(value, number) for number, value in enumerate(case.given)]
    results = case.answer(*nudged), value, case.oracle(*nudged), case.expected
    once_right(results[0], results[2])  # else it is noise or state, of which `twice` tells
    for after, before, after_by_oracle, expected in zip(*map(_tensors, results), strict=False):
        if expected.is_floating_point() and expected.numel() and expected.isfinite().all():
            move = after_by_oracle - expected
            off = float((after - before - move).abs().max())
            noise = 1e-12 * float(expected.abs().max())
            is_true(
                off <= noise + 0.1 * float(move.abs().max()),
                f"a step of {STEP} moves the result wrongly by {off:.3g}",
            )


def _nudged(value: Any, number: int) -> Any:
    """An argument a little closer to zero, each number in it otherwise; whole numbers (labels,
    masks, bounds) stay, and symmetric matrices stay symmetric.

    number: of the argument. Two that are divided by each other must not move alike.
    """
    if isinstance(value, list | tuple):
        return type(value)(_nudged(item, number + place) for place, item in enumerate(value))
    if not isinstance(value, torch.Tensor) or not value.is_floating_point():
        return value
    low, high = 0.5 + number, 1.5 + 2 * number
    if value.dim() > 1 and value.shape[-1] == value.shape[-2]:
        side = 1 - STEP / 2 * torch.linspace(low, high, value.shape[-1], dtype=value.dtype)
        factor = side[:, None] * side
    else:
        steps = torch.linspace(low, high, value.numel(), dtype=value.dtype)
        factor = (1 - STEP * steps).reshape(value.shape)
    return torch.where(value == value.round(), value, value * factor)


def _device(case: _Case) -> None:
    """The answer makes its own tensors where its inputs are, and returns the same as on the CPU."""
    plain = case.judged()
    follows_device(case.call, lambda *_: plain, *case.given)


def _layout(case: _Case) -> None:
    """Inputs may be transposed, or every second number of a larger tensor: there `.view` fails.

    Expanded inputs are not tried. Their rows are equal, which not every question allows: the
    covariance of equal rows is zero. What fails on them alone changes its arguments in place.
    """
    plain = case.judged()
    answer = getattr(case.student, case.oracle.__name__)
    for view in (_transposed, _strided):
        # tensors in lists stay contiguous
        given = [view(each) if isinstance(each, torch.Tensor) else each for each in case.given]
        close(answer(*given), plain)


def _history(case: _Case) -> None:
    """A result that needs gradients though no input does keeps a graph alive, batch after batch."""
    value = case.judged()
    is_true(
        not any(tensor.requires_grad for tensor in _tensors(value)),
        "the result needs gradients, its inputs do not",
    )


def _twice(case: _Case) -> None:
    """The answer keeps no state: a call with other arguments in between changes nothing."""
    first, _ = case.first()
    case.call(*case.asked.other)
    again = case.call(*case.given)
    try:
        once_right(first, case.expected)
    except CheckFailed as wrong:
        # what was kept from an earlier check may have spoilt it: then the fault is this check's
        with contextlib.suppress(NotComparable):
            close(again, first)
        raise wrong from None
    close(again, first, rtol=1e-6, atol=1e-8)


CHECKS: dict[str, tuple[Callable[[_Case], None], str, str]] = {
    "inputs": (_inputs, "leaves its argument as it was", "leaves its arguments as they were"),
    "dtype": (
        _dtype,
        "computes in the precision of its input, float32 and float64",
        "computes in the precision of its inputs, float32 and float64",
    ),
    "device": (
        _device,
        "computes on the device of its input",
        "computes on the device of its inputs",
    ),
    "layout": (
        _layout,
        "gives the same result when its input is not contiguous in memory",
        "gives the same result when its inputs are not contiguous in memory",
    ),
    "history": (
        _history,
        "keeps no gradient history when its input needs no gradients",
        "keeps no gradient history when none of its inputs needs gradients",
    ),
    "twice": (
        _twice,
        "gives the same result when it is called again with the same argument",
        "gives the same result when it is called again with the same arguments",
    ),
}
"""Each check, and what a student reads when it fails: for one tensor, and for several."""


def _cases(inputs: Inputs, draw: Draw) -> Iterator[tuple[Any, ...]]:
    given = inputs(draw)
    return iter([given] if isinstance(given, tuple) else given)


def _alike(actual: Any, expected: Any) -> None:
    """Fail unless a result has the oracle's structure and shapes, and is finite where that is."""
    if isinstance(expected, list | tuple):
        if not isinstance(actual, list | tuple):
            as_tensor(actual)  # which tells the student of a kind that is not taken
        if not isinstance(actual, list | tuple) or len(actual) != len(expected):
            raise CheckFailed(f"not {len(expected)} results")
        for mine, theirs in zip(actual, expected, strict=True):
            _alike(mine, theirs)
        return
    mine, theirs = as_tensor(actual), torch.as_tensor(expected)
    is_true(
        mine.shape == theirs.shape, f"shape {tuple(mine.shape)}, expected {tuple(theirs.shape)}"
    )
    is_true(mine.device.type in ("cpu", "cuda"), f"on {mine.device}, without a reason")
    is_true((mine.isfinite().cpu() | ~theirs.isfinite()).all(), "not finite where it should be")


def _has_dtypes(value: Any, expected: Any, dtype: torch.dtype) -> None:
    """Fail unless each result that is a floating tensor by the oracle has this dtype."""
    if isinstance(expected, list | tuple):
        for mine, theirs in zip(value, expected, strict=True):
            _has_dtypes(mine, theirs, dtype)
    elif isinstance(expected, torch.Tensor) and expected.is_floating_point():
        has_dtype(value, dtype)


def _converted(value: Any, dtype: torch.dtype) -> Any:
    """Arguments with their floating tensors in another precision."""
    if isinstance(value, list | tuple):
        return type(value)(_converted(item, dtype) for item in value)
    floating = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.to(dtype) if floating else value


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    for item in value if isinstance(value, list | tuple) else [value]:
        if isinstance(item, torch.Tensor):
            yield item
        elif isinstance(item, list | tuple):
            yield from _tensors(item)


def _n_tensors(given: tuple[Any, ...]) -> int:
    return sum(1 for _ in _tensors(given))


def _transposed(tensor: torch.Tensor) -> View:
    if tensor.dim() < 2:
        return _strided(tensor)
    return View(tensor.transpose(-1, -2).contiguous(), ("transpose", -1, -2))


def _strided(tensor: torch.Tensor) -> View:
    return View(torch.stack([tensor, torch.zeros_like(tensor)], dim=-1), ("select", -1, 0))


def flags_unchanged(student: Student, oracle: Callable[..., Any], *tensors: torch.Tensor) -> None:
    """Fail if a call changes tensors that need gradients, or makes them need none. As the usual
    check of arguments does, it waits until the result is right.
    """
    given = [each.detach().clone().requires_grad_() for each in tensors]
    once_right(getattr(student, oracle.__name__)(*given), oracle(*given))
    inputs_unchanged(student)
