"""Copied written answers among independent ones, of the benchmark's writer: verbatim, sentences in
another order, words replaced, two sentences in an answer of one's own.
"""

from __future__ import annotations

import random

import pytest

from autograder.similarity.common_ground import CommonGround
from autograder.similarity.pairs import compare
from autograder.similarity.works import Piece, Work
from benchmarks.written import DISGUISES, FACTS, written

N = 30


def class_of(seed: int) -> list[dict[str, str]]:
    return [
        {question: written(question, random.Random(f"{seed}/{n}/{question}")) for question in FACTS}
        for n in range(N)
    ]


def alone_above(answers: list[dict[str, str]]) -> int:
    """How many pairs stand above the first two students'."""
    works = [
        Work(
            f"s{n}",
            f"s{n}.zip",
            frozenset({f"s{n}"}),
            [Piece(q, "text", t) for q, t in mine.items()],
        )
        for n, mine in enumerate(answers)
    ]
    pairs = compare(works, list(FACTS), CommonGround()).pairs
    return next(at for at, one in enumerate(pairs) if {one.first, one.second} == {0, 1})


@pytest.mark.parametrize("disguise", DISGUISES)
def test_copies_of_all_written_answers_stand_above_every_pair_alone(disguise: str) -> None:
    for seed in range(3):
        answers, rng = class_of(seed), random.Random(seed)
        answers[1] = {
            question: DISGUISES[disguise](text, answers[1][question], rng)
            for question, text in answers[0].items()
        }
        assert alone_above(answers) == 0


def test_one_answer_copied_verbatim_stands_above_every_pair_alone() -> None:
    for seed in range(5):
        answers = class_of(seed)
        answers[1]["explicit_implicit"] = answers[0]["explicit_implicit"]
        assert alone_above(answers) == 0


def test_the_disguises_do_what_they_say() -> None:
    text = "The codes may lie anywhere, because nothing ties them down. Zero holds. It is small.\n"
    rng = random.Random(3)
    turned = DISGUISES["reordered"](text, "", rng)
    assert "Because nothing ties them down, the codes may lie anywhere." in turned
    swapped = DISGUISES["synonyms"](text, "", rng)
    changed = [one for one in zip(text.split(), swapped.split(), strict=True) if one[0] != one[1]]
    assert 1 <= len(changed) <= 3
    mixed = DISGUISES["one paragraph"](text, "Mine is other. So is this.", rng)
    assert mixed.count(".") == 4 and "Mine is other." in mixed
    assert all("<" not in written(question, rng) for question in FACTS)
