"""How an answer fails its question's checks, in a form in which two answers can be compared.

A failed check is known by its name, the way in which it failed and the numbers in what it says for
staff. The way is that text without its numbers (`values are off by up to #`), or the kind of error
that the answer raised. The numbers depend on the secret: with the same one, the same mistake has
the same numbers, however the code is written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

import msgspec

from autograder.intake.untrusted_text import clean
from autograder.report import Check

MAX_WAY_CHARS = 160
MAX_NUMBERS = 20
SAME_NUMBER = 0.02
"""Relative; staff texts have three digits."""

_NUMBER = re.compile(r"(?<![\w.`])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w`])")
_RAISED = re.compile(r"StudentError: (?P<kind>[A-Za-z_][A-Za-z0-9_]{0,60})")
HUNG = "hung or crashed"


class Failure(msgspec.Struct, frozen=True):
    """One failed check: `way` for comparing and for staff to read, `numbers` in their order."""

    way: str
    numbers: tuple[float, ...] = ()


Failures = Mapping[str, Failure]
"""By the check's name."""


def failures_of(checks: Iterable[Check]) -> dict[str, Failure]:
    """The failed checks of one answer."""
    return {check.name: _failure(check) for check in checks if check.outcome == "failed"}


def _failure(check: Check) -> Failure:
    if check.lost_worker:
        return Failure(HUNG)
    if raised := _RAISED.match(check.staff):
        return Failure(f"raised {raised['kind']}")
    text = clean(check.staff or check.message, 1000).removeprefix("CheckFailed: ")
    numbers = [float(found) for found in _NUMBER.findall(text)[:MAX_NUMBERS]]
    finite = tuple(number for number in numbers if math.isfinite(number))  # JSON has no infinity
    return Failure(_NUMBER.sub("#", text)[:MAX_WAY_CHARS], finite)


def same_numbers(one: Failures, other: Failures) -> float | None:
    """Of the checks that both fail in the same way with numbers in it, the share in which the
    numbers are the same. None: there is no such check.
    """
    pairs = [
        (failure.numbers, other[name].numbers)
        for name, failure in one.items()
        if name in other and failure.way == other[name].way and failure.numbers
    ]
    if not pairs:
        return None
    return sum(_agree(mine, theirs) for mine, theirs in pairs) / len(pairs)


def _agree(mine: tuple[float, ...], theirs: tuple[float, ...]) -> bool:
    return len(mine) == len(theirs) and all(
        math.isclose(a, b, rel_tol=SAME_NUMBER) for a, b in zip(mine, theirs, strict=True)
    )
