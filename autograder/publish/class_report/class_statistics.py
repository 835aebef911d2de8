"""The statistics of a class: pure functions of scores."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.intake.untrusted_text import clean
from autograder.report import Check

MAX_TITLE_CHARS = 300
"""Of a question or a check, as the report shows it."""

MAX_BINS = 20
MIN_FOR_DISCRIMINATION = 3
WIDTHS = (1, 2, 5)
"""The width of a bar is one of these times a power of ten."""


@dataclass(frozen=True)
class Spread:
    """How numbers are spread. Quartiles are interpolated linearly between neighbours."""

    n: int
    mean: float
    least: float
    lower: float
    median: float
    upper: float
    most: float


@dataclass(frozen=True)
class Bar:
    """How many numbers are at least `start` and below `end`; the last bar has its `end` as well."""

    start: float
    end: float
    n: int


@dataclass(frozen=True)
class Discrimination:
    """The corrected item-total correlation, -1 to 1; None where it is undefined, with why."""

    value: float | None
    why: str = ""


@dataclass(frozen=True)
class CheckStatistics:
    """A hidden check over the answers that it judged."""

    name: str
    title: str
    spoils: bool
    n: int
    n_failed: int

    @property
    def share(self) -> float:
        return self.n_failed / self.n if self.n else 0.0


def spread(numbers: Sequence[float]) -> Spread | None:
    """None of no numbers."""
    if not numbers:
        return None
    lower, median, upper = (quantile(numbers, share) for share in (0.25, 0.5, 0.75))
    mean = math.fsum(numbers) / len(numbers)
    return Spread(len(numbers), mean, min(numbers), lower, median, upper, max(numbers))


def quantile(numbers: Sequence[float], share: float) -> float:
    """The number below which `share` of the numbers are: at place share * (n - 1) of the sorted
    ones, counted from 0, interpolated linearly. Raises ValueError of no numbers.
    """
    if not numbers:
        raise ValueError("no numbers have no quantile")
    ordered = sorted(numbers)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def histogram(numbers: Sequence[float], maximum: float) -> list[Bar]:
    """Bars of one round width from 0 (or below the least number) to `maximum` or above the greatest
    number, at most MAX_BINS.
    """
    top = max([maximum, *numbers, 0.0])
    bottom = min([0.0, *numbers])
    if top <= bottom:
        top = bottom + 1.0
    width = _width((top - bottom) / MAX_BINS)
    first = math.floor(bottom / width)
    n_bars = max(1, math.ceil(round(top / width, 9)) - first)
    counts = [0] * n_bars
    for number in numbers:
        counts[min(math.floor(round(number / width, 9)) - first, n_bars - 1)] += 1
    return [
        Bar(round((first + index) * width, 9), round((first + index + 1) * width, 9), count)
        for index, count in enumerate(counts)
    ]


def _width(least: float) -> float:
    """The smallest round width that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    widths = [*(one * power for one in WIDTHS), 10 * power]
    return next((one for one in widths if one >= least * (1 - 1e-9)), widths[-1])


def discrimination(scores: Sequence[float], rest: Sequence[float]) -> Discrimination:
    """Pearson's correlation of a question's points with the points of the others.

    scores, rest: of the same students, in one order.
    """
    if len(scores) < MIN_FOR_DISCRIMINATION:
        return Discrimination(None, f"fewer than {MIN_FOR_DISCRIMINATION} scores")
    if _all_alike(scores):
        return Discrimination(None, "everybody has the same points")
    if _all_alike(rest):
        return Discrimination(None, "everybody has the same points elsewhere")
    return Discrimination(max(-1.0, min(1.0, statistics.correlation(scores, rest))))


def _all_alike(numbers: Sequence[float]) -> bool:
    return max(numbers) - min(numbers) < 1e-9


def check_statistics(answers: Sequence[Sequence[Check]]) -> list[CheckStatistics]:
    """Each check over the answers that it judged; those it could not judge do not count."""
    found: dict[str, list[Check]] = {}
    for checks in answers:
        for check in checks:
            found.setdefault(check.name, []).append(check)
    return [
        CheckStatistics(
            name=name,
            title=clean(checks[0].title, MAX_TITLE_CHARS),
            spoils=checks[0].spoils,
            n=sum(one.outcome != "ungraded" for one in checks),
            n_failed=sum(one.outcome == "failed" for one in checks),
        )
        for name, checks in found.items()
    ]


def rest_scores(by_question: Mapping[str, float], question: str) -> float:
    """A student's points of all questions but one."""
    return math.fsum(points for name, points in by_question.items() if name != question)
