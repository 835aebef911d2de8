"""Where the bars of the pictures are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.publish.class_report.class_statistics import Discrimination, histogram, spread
from autograder.publish.class_report.content import Scores
from autograder.publish.class_report.pictures import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    STRIP_WIDTH,
    TOP,
    WIDTH,
    histogram_picture,
    strip,
)
from autograder.publish.class_report.questions import QuestionStatistics


def scores(numbers: list[float], maximum: float) -> Scores:
    return Scores("Points", "of all", maximum, spread(numbers), histogram(numbers, maximum))


@given(
    st.lists(st.integers(-8, 400).map(lambda n: n / 4), min_size=1, max_size=40),
    st.sampled_from([0.0, 1.0, 82.0]),
)
def test_everything_is_inside_the_frame(numbers: list[float], maximum: float) -> None:
    picture = histogram_picture(scores(numbers, maximum))
    assert picture is not None
    assert sum(box.n for box in picture.boxes) == len(numbers)
    for box in picture.boxes:
        assert box.x >= LEFT and box.x + box.width <= WIDTH - RIGHT + 0.2
        assert box.y >= TOP and box.y + box.height == pytest.approx(HEIGHT - BOTTOM)
    for tick in picture.x_ticks:
        assert LEFT - 0.1 <= tick.at <= WIDTH - RIGHT + 0.1
    lower, median, upper = picture.quartiles
    assert LEFT <= lower <= median <= upper <= WIDTH - RIGHT
    assert 1 <= len(picture.y_ticks) <= 7
    assert all(float(tick.label).is_integer() for tick in picture.y_ticks)


def test_the_highest_bar_has_the_height_of_the_frame() -> None:
    picture = histogram_picture(scores([1.0, 1.0, 9.0], 10.0))
    assert picture is not None
    heights = {box.n: box.height for box in picture.boxes}
    assert heights == {2: HEIGHT - TOP - BOTTOM, 1: pytest.approx((HEIGHT - TOP - BOTTOM) / 2)}
    assert histogram_picture(scores([], 10.0)) is None


def test_a_strip_shows_every_student() -> None:
    def question(n_full: int, n_nothing: int, n_scored: int) -> QuestionStatistics:
        return QuestionStatistics(
            *("q", "Q", "lab", "code", 3.0, False, False),
            n_answered=7,
            n_blank=3,
            n_scored=n_scored,
            n_waiting=10 - n_scored,
            n_full=n_full,
            n_nothing=n_nothing,
            mean=1.0,
            discrimination=Discrimination(None),
            checks=[],
            seconds=None,
        )

    found = strip(question(2, 1, 8))
    assert found is not None
    assert (found.full, found.partly, found.nothing, found.not_yet) == (20, 50, 10, 20)
    assert found.full + found.partly + found.nothing + found.not_yet == STRIP_WIDTH
    assert strip(question(0, 0, 0)) is None
