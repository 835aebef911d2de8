"""What it says that two answers share a part: much where it is rare, nothing where it was given."""

from __future__ import annotations

import math

from autograder.similarity.fingerprints import of_code
from autograder.similarity.weights import COMMON, weigh

USUAL = "def f(x):\n    return (x - x.mean()) / x.std()"
RARE = "def f(x):\n    mid = x - x.median()\n    return mid / (1.4826 * mid.abs().median())"
OTHERS = [f"def f(x):\n    return x.clamp({i}, {i + 7}).sum() / g{i}(x, {i})" for i in range(20)]


def answers(*sources: str) -> list:  # type: ignore[type-arg]
    return [of_code(source) for source in sources]


def test_the_rarer_the_more() -> None:
    fingerprints = answers(*[USUAL] * 16, *[RARE] * 2, *OTHERS[:10])
    weights = weigh(fingerprints)
    assert weights.says(fingerprints[0], fingerprints[1]) == 0
    rare = weights.says(fingerprints[16], fingerprints[17])
    assert rare > math.log(COMMON * 27)
    assert weights.says(fingerprints[0], fingerprints[17]) < 0.2 * rare


def test_given_and_right_answers_say_less() -> None:
    fingerprints = answers(*[RARE] * 2, *OTHERS)
    mine, other = fingerprints[:2]
    free = weigh(fingerprints).says(mine, other)
    given = weigh(fingerprints, given=mine.digests)
    assert given.says(mine, other) == 0
    right = weigh(fingerprints, right=dict.fromkeys(mine.digests, 1), n_right=6)
    assert 0 < right.says(mine, other) <= math.log(COMMON * 6) + 1e-9 < free


def test_what_many_write_says_little_however_many_parts_it_has() -> None:
    long = "def f(x):\n" + "".join(f"    x = h{i}(x, {i}) * {i + 2} - x\n" for i in range(12))
    few = answers(*[long + "    return x"] * 2, *OTHERS)
    many = answers(*[long + "    return x"] * 9, *OTHERS)
    assert weigh(few).says(*few[:2]) > 5 * weigh(many).says(*many[:2]) > 0


def test_what_differs_counts_against_code_and_not_against_a_page_of_cells() -> None:
    more = RARE + "\n\n" + OTHERS[3].replace("def f", "def g")
    fingerprints = answers(RARE, more, *OTHERS[5:])
    whole = weigh(fingerprints).says(*fingerprints[:2])
    cells = weigh(fingerprints, as_a_whole=False).says(*fingerprints[:2])
    assert 0 < whole < cells
