"""What a question's points are for: aspects with their weights, and what a mistake costs at least.

A suite begins with its aspects:

    ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.1, "conventions": 0.1}

The weights add up to one. The checks of an aspect share its weight equally, and the cases of a
parametrised check share that of the check: no aspect counts for less because another has more
cases. Then come the two limits, `KEPT`: whatever the weights say, an answer that fails a check of
what spoils a result or a training run keeps half of the points at most, and one that fails any
check keeps nine tenths.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pytest

F = TypeVar("F", bound=Callable[..., Any])

CORNERS = frozenset({"edges", "conventions"})
"""Aspects whose checks are about corners: a mistake there spoils nothing unless a check says so."""
DEFAULT = "values"
"""The aspect of a check that names none, and the only one of a suite without ASPECTS."""
KEPT = {"spoils": 0.5, "corner": 0.9}
"""The share of a question's points that an answer with one such mistake keeps at most."""


def aspect(name: str, *, spoils: bool | None = None) -> Callable[[F], F]:
    """Which aspect of the question a check belongs to.

    spoils: whether a mistake that it finds spoils a result or a training run. None: as the aspect
    does, which is yes but for `edges` and `conventions`.
    """

    def mark(function: F) -> F:
        return pytest.mark.aspect(name, spoils)(function)

    return mark


def after(first: Callable[..., Any]) -> Callable[[F], F]:
    """A check that is judged once `first` passes: another check of the suite, or a function of
    `student` and `draw` like one. Where `first` fails, this one earns nothing, though an answer
    that does nothing at all may pass it, and the student reads only that it is judged later.
    """

    def mark(function: F) -> F:
        return pytest.mark.after.with_args(first)(function)

    return mark


def first_of(item: pytest.Item) -> Callable[..., Any] | None:
    """What has to pass before a collected check is judged; None for most."""
    mark = item.get_closest_marker("after")
    return mark.args[0] if mark else None


def aspect_of(item: pytest.Item) -> tuple[str, bool]:
    """The aspect of a collected check, and whether the mistakes that it finds spoil something."""
    mark = item.get_closest_marker("aspect")
    name, spoils = mark.args if mark else (DEFAULT, None)
    return name, name not in CORNERS if spoils is None else spoils


def problem_with(weights: Any, used: Sequence[str]) -> str:
    """What is not in order with a suite's ASPECTS, as the end of a sentence; empty if nothing is.

    used: the aspects that its checks name.
    """
    if not isinstance(weights, Mapping) or not all(
        isinstance(value, int | float) and value > 0 for value in weights.values()
    ):
        return 'ASPECTS is not a dict of weights above zero, `ASPECTS = {"values": 0.6, ...}`'
    if abs(sum(weights.values()) - 1) > 1e-9:
        return f"the weights in ASPECTS add up to {sum(weights.values()):g} and not to 1"
    if missing := set(used) - set(weights):
        return f"checks belong to {', '.join(sorted(missing))}, which ASPECTS does not name"
    if idle := set(weights) - set(used):
        return f"no check belongs to {', '.join(sorted(idle))}, which ASPECTS names"
    return ""


def shares(weights: Mapping[str, float], checks: Sequence[tuple[str, str]]) -> list[float]:
    """What each check counts of the whole, 1. checks: of each, its aspect and its function, which
    its cases have in common.
    """
    cases = Counter(checks)
    functions = Counter(name for name, _ in cases)
    return [weights[name] / functions[name] / cases[name, function] for name, function in checks]


def kept(failed_spoils: Sequence[bool], passed_share: float) -> float:
    """The share of the points that an answer keeps.

    failed_spoils: of each failed check, whether it spoils. passed_share: what the passed checks
    weigh of the whole.
    """
    if not failed_spoils:
        return passed_share
    return min(passed_share, KEPT["spoils" if any(failed_spoils) else "corner"])
