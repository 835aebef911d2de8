"""Where the lines and bars of the report's pictures are, in units of their SVG. page.html draws
them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.publish.class_report.class_statistics import Bar, Spread
from autograder.publish.class_report.content import Scores
from autograder.publish.class_report.questions import QuestionStatistics

WIDTH, HEIGHT = 420, 200
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 22, 34
"""Margins, for the numbers at the axes."""
MAX_TICKS = 6
STRIP_WIDTH = 100

Scale = Callable[[float], float]
"""From what is counted to a place in the picture."""


@dataclass(frozen=True)
class Box:
    """A bar of a histogram, with its number of students."""

    x: float
    y: float
    width: float
    height: float
    n: int


@dataclass(frozen=True)
class Tick:
    """A number at an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Histogram:
    """A histogram with its quartiles above it."""

    boxes: list[Box]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    quartiles: tuple[float, float, float]
    """Of the lower quartile, the median and the upper quartile."""


@dataclass(frozen=True)
class Strip:
    """A bar in four parts: full marks, part of them, none, and not scored yet. Widths add up to
    STRIP_WIDTH.
    """

    full: float
    partly: float
    nothing: float
    not_yet: float


def histogram_picture(scores: Scores) -> Histogram | None:
    """None where there is nobody to show."""
    if scores.spread is None:
        return None
    start, end = scores.bars[0].start, scores.bars[-1].end
    most = max(bar.n for bar in scores.bars)

    def x(number: float) -> float:
        share = (number - start) / (end - start)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(n: float) -> float:
        return round(HEIGHT - BOTTOM - n / most * (HEIGHT - TOP - BOTTOM), 1)

    return Histogram(
        boxes=[_box(bar, x, y) for bar in scores.bars if bar.n],
        x_ticks=[Tick(x(number), f"{number:g}") for number in _round_numbers(start, end)],
        y_ticks=[
            Tick(y(number), f"{number:g}")
            for number in _round_numbers(0, most)
            if number == round(number)
        ],
        quartiles=_quartiles(scores.spread, x),
    )


def _box(bar: Bar, x: Scale, y: Scale) -> Box:
    left, top = x(bar.start), y(bar.n)
    return Box(left, top, round(x(bar.end) - left, 1), round(HEIGHT - BOTTOM - top, 1), bar.n)


def _quartiles(spread: Spread, x: Scale) -> tuple[float, float, float]:
    return x(spread.lower), x(spread.median), x(spread.upper)


def _round_numbers(start: float, end: float) -> Sequence[float]:
    """At most MAX_TICKS + 1 multiples of a round step between two numbers."""
    least = (end - start) / MAX_TICKS
    power = 10.0 ** math.floor(math.log10(least))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= least * (1 - 1e-9))
    first, last = math.ceil(start / step - 1e-9), math.floor(end / step + 1e-9)
    return [round(number * step, 9) for number in range(first, last + 1)]


def strip(question: QuestionStatistics) -> Strip | None:
    """How many got full marks, part of them and none; None where nobody has a score."""
    if not question.n_scored:
        return None
    n_all = question.n_answered + question.n_blank
    counts = (question.n_full, question.n_partly, question.n_nothing, n_all - question.n_scored)
    return Strip(*(round(STRIP_WIDTH * n / n_all, 2) for n in counts))
