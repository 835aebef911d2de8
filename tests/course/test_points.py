"""Choices of questions: which of them count, what they add up to, and rules that cannot hold."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_assignment import GOOD, write

from autograder.course.assignment import load
from autograder.course.points import Choice, add_counted, left_out, still_to_come
from autograder.errors import CourseError

NAMES = ("a", "b", "c", "d")
TWO = Choice(title="Two", questions=NAMES, count=2, name="two")
scores = st.fixed_dictionaries(
    dict.fromkeys((*NAMES, "other"), st.none() | st.integers(0, 5).map(float))
)


@given(scores)
def test_the_sum_is_the_best_that_any_two_of_them_give(found: dict[str, float | None]) -> None:
    best = max(sum(found[name] or 0 for name in pair) for pair in combinations(NAMES, TWO.count))
    assert add_counted([TWO], found) == best + (found["other"] or 0)
    counting = [name for name in NAMES if name not in left_out([TWO], found)]
    assert all(found[name] is not None for name in left_out([TWO], found))
    assert len([name for name in counting if found[name]]) <= TWO.count


@given(scores)
def test_what_can_still_come_is_what_full_marks_would_add(found: dict[str, float | None]) -> None:
    points = dict.fromkeys(found, 5.0)
    full = {name: 5.0 if score is None else score for name, score in found.items()}
    more = add_counted([TWO], full) - add_counted([TWO], found)
    assert still_to_come([TWO], found, points) == more


def test_without_a_choice_everything_counts() -> None:
    assert left_out([], {"a": 0.0, "b": None}) == {}
    assert add_counted([], {"a": 0.1, "b": 0.2, "c": None}) == 0.3


def test_among_equals_an_answer_counts_before_a_blank_one_then_the_first() -> None:
    equal = dict.fromkeys(NAMES, 0.0)
    assert set(left_out([TWO], equal)) == {"c", "d"}
    assert set(left_out([TWO], equal, {"a", "b"})) == {"a", "b"}
    assert set(left_out([TWO], dict.fromkeys(NAMES, 3.0))) == {"c", "d"}


def test_a_question_that_waits_is_not_left_out_and_replaces_nothing() -> None:
    waits = {"a": 1.0, "b": 2.0, "c": None, "d": 0.5}
    assert set(left_out([TWO], waits)) == {"d"}
    assert add_counted([TWO], waits) == 3.0
    assert still_to_come([TWO], waits, dict.fromkeys(NAMES, 5.0)) == 4.0, "c takes the place of a"


CHOOSE = """
[choose.one_of_two]
title = "One of two"
questions = {questions}
count = {count}
"""
EQUAL = GOOD.replace("points = 3", "points = 4")


def written(questions: str = '["first", "second"]', count: str = "1", text: str = EQUAL) -> str:
    return text + CHOOSE.format(questions=questions, count=count)


def test_the_maximum_is_that_of_the_best(tmp_path: Path) -> None:
    write(tmp_path, written())
    toy = load("toy", tmp_path)
    (choice,) = toy.choices
    assert (choice.name, choice.questions, choice.count) == ("one_of_two", ("first", "second"), 1)
    assert choice.rule == "One of two: the best of 2 questions counts"
    assert toy.max_points == 6.5
    assert toy.most_points(toy.with_checks()) == 4


OTHER = """
[choose.again]
title = "Again"
questions = ["second", "essay"]
count = 1
"""
WRONG = {
    "an unknown question": (written('["first", "third"]'), "'third', which is not a question"),
    "a question twice": (written('["first", "first"]'), "names first twice"),
    "a question in two": (written() + OTHER, "second, which is in .choose.one_of_two. already"),
    "a bonus question": (written('["first", "more"]'), "more, a bonus question"),
    "nothing counts": (written(count="0"), "count is 0; it must be at least 1 and less than"),
    "everything counts": (written(count="2"), "count is 2; .* the number of its questions, 2"),
    "no questions": (written("[]"), "count is 1; .* 0"),
    "other points": (written(text=GOOD), "must have the same points; they have 3 and 4"),
    "two notebooks": (
        written('["first", "essay"]', text=GOOD.replace("points = 2.5", "points = 4")),
        "must have the same notebook; they have lab and theory",
    ),
    "two ways of grading": (
        written(
            '["first", "more"]',
            text=GOOD.replace(
                'points = 6\ncovers = ["c"]\nbonus = true', 'points = 4\ncovers = ["c"]'
            ),
        ),
        "must have the same way of grading .* by people and by the grader",
    ),
    "a bad name": (written().replace("one_of_two", "One-of"), "One-of.: the name must match"),
    "a key that is not known": (written() + "best = 3\n", "one_of_two.: .*unknown field `best`"),
    "no count": (
        written().replace("count = 1", ""),
        "one_of_two.: .*missing required field `count`",
    ),
    "no table": (GOOD.replace("[limits]", "choose.x = 3\n[limits]"), "choose.x must be a table"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_rule_is_refused_with_the_file_and_the_fault(case: str, tmp_path: Path) -> None:
    text, said = WRONG[case]
    file = write(tmp_path, text)
    with pytest.raises(CourseError, match=said) as caught:
        load("toy", tmp_path)
    assert caught.value.message.startswith(f"{file}: ")
