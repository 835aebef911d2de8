"""The statistics against counting, numpy and closed forms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.publish.class_report.class_statistics import (
    MAX_BINS,
    check_statistics,
    discrimination,
    histogram,
    quantile,
    rest_scores,
    spread,
)
from autograder.report import Check

points = st.lists(st.integers(0, 400).map(lambda n: n / 4), min_size=1, max_size=60)


@given(points, st.floats(0, 1))
def test_quantiles_agree_with_numpy(numbers: list[float], share: float) -> None:
    assert quantile(numbers, share) == pytest.approx(np.quantile(numbers, share), abs=1e-9)


@given(points)
def test_a_spread_agrees_with_numpy(numbers: list[float]) -> None:
    found = spread(numbers)
    assert found is not None
    assert found.mean == pytest.approx(np.mean(numbers))
    assert (found.n, found.least, found.most) == (len(numbers), min(numbers), max(numbers))
    expected = np.quantile(numbers, [0.25, 0.5, 0.75])
    assert [found.lower, found.median, found.upper] == pytest.approx(list(expected))


def test_of_nobody_there_is_no_spread() -> None:
    assert spread([]) is None
    with pytest.raises(ValueError, match="no numbers"):
        quantile([], 0.5)


@given(points, st.sampled_from([0.0, 3.0, 7.5, 82.0, 139.0]))
def test_every_number_is_in_the_bar_that_says_so(numbers: list[float], maximum: float) -> None:
    bars = histogram(numbers, maximum)
    assert sum(bar.n for bar in bars) == len(numbers)
    assert 1 <= len(bars) <= MAX_BINS + 1
    for bar in bars:
        last = bar is bars[-1]
        inside = [one for one in numbers if bar.start <= one < bar.end or (last and one == bar.end)]
        assert len(inside) == bar.n
    for one, other in pairwise(bars):
        assert one.end == other.start


def test_bars_have_a_round_width() -> None:
    assert [(bar.start, bar.end) for bar in histogram([0, 10], 10)][:2] == [(0, 0.5), (0.5, 1)]
    assert histogram([], 82)[0].end == 5 and len(histogram([], 82)) == 17
    assert next(bar.n for bar in histogram([-1.0, 2.0], 2)) == 1
    assert sum(bar.n for bar in histogram([0.0, 0.0], 0)) == 2


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 90)), min_size=3, max_size=40))
def test_discrimination_is_pearsons_correlation(pairs: list[tuple[int, int]]) -> None:
    scores, rest = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found = discrimination(scores, rest)
    if len(set(scores)) == 1 or len(set(rest)) == 1:
        assert found.value is None and "everybody has the same points" in found.why
    else:
        assert found.value == pytest.approx(np.corrcoef(scores, rest)[0, 1], abs=1e-9)


def test_discrimination_in_closed_form() -> None:
    assert discrimination([0, 1, 2], [10, 20, 30]).value == pytest.approx(1)
    assert discrimination([0, 1, 2], [30, 20, 10]).value == pytest.approx(-1)
    assert discrimination([0, 1, 0, 1], [0, 0, 1, 1]).value == pytest.approx(0)
    assert discrimination([0, 1], [0, 1]).why == "fewer than 3 scores"


def test_the_rest_leaves_the_question_out() -> None:
    assert rest_scores({"a": 1.0, "b": 2.0, "c": 4.0}, "b") == 5.0
    assert rest_scores({"a": 1.0}, "by hand") == 1.0


def test_what_a_check_could_not_judge_does_not_count() -> None:
    def check(name: str, outcome: str) -> Check:
        return Check(name=name, title=name.upper(), weight=1, outcome=outcome)  # type: ignore[arg-type]

    answers = [
        [check("a", "failed"), check("b", "passed")],
        [check("a", "passed"), check("b", "ungraded")],
        [check("a", "failed"), check("b", "ungraded")],
    ]
    a, b = check_statistics(answers)
    assert (a.name, a.title, a.n, a.n_failed) == ("a", "A", 3, 2)
    assert a.share == pytest.approx(2 / 3)
    assert (b.n, b.n_failed, b.share) == (1, 0, 0.0)
