"""The pairs of a class that are most alike.

No two answers are compared: for each part that two answers have and half of them do not, all pairs
that share it get its weight at once. So the work grows with the parts that are shared,
and a class of 1,000 takes seconds once its submissions are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from autograder.errors import UsageError
from autograder.similarity.chance import Chance, chance_of
from autograder.similarity.common_ground import CommonGround
from autograder.similarity.fingerprints import Fingerprint
from autograder.similarity.weights import UNLIKE, Weights, weigh
from autograder.similarity.works import OWN, Work

MAX_WORKS = 6000
"""Of a class with its earlier years: two tables of so many rows and columns are 290 MB."""
Table = NDArray[np.float32]


@dataclass(frozen=True)
class Shared:
    """What one question adds to a pair's score."""

    question: str
    nats: float
    same_failures: bool = False
    """Both failed the same checks, and that is in it."""


@dataclass(frozen=True)
class Pair:
    """Two works, the one of this year first, and how alike they are."""

    first: int
    second: int
    nats: float
    """How much is shared and how rare it is: the sum over questions."""
    by_chance: float
    """How many pairs of this class are expected to be as alike by chance."""
    shared: tuple[Shared, ...] = ()
    """The questions that contribute, the most first."""


@dataclass
class Question:
    """One question of the class: who answered, the fingerprints, the weights."""

    name: str
    works: list[int]
    answers: list[Fingerprint]
    weights: Weights
    place: dict[int, int] = field(default_factory=dict)


@dataclass
class Compared:
    """A class that was compared: its pairs, the most alike first."""

    works: list[Work]
    pairs: list[Pair]
    questions: dict[str, Question]
    total: Chance
    single: Chance
    n_pairs: int


def compare(
    works: Sequence[Work], names: Sequence[str], ground: CommonGround, *, keep: int = 500
) -> Compared:
    """Compare a class. names: the questions in their order. keep: how many pairs are returned.

    Raises UsageError when there are too many works.
    """
    if len(works) > MAX_WORKS:
        raise UsageError(
            f"{len(works)} submissions are more than can be compared at once ({MAX_WORKS}): leave "
            "an --earlier year out"
        )
    works = sorted(works, key=lambda one: (bool(one.year), one.year))
    n_mine = sum(not one.year for one in works)
    total = np.zeros((n_mine, len(works)), np.float32)
    best = np.zeros_like(total)
    questions = {}
    for name in names:
        question = _question(name, works, ground)
        if len(question.works) < 2:
            continue
        questions[name] = question
        table = _table(question, works, total.shape)
        total += table
        np.maximum(best, table, out=best)
    allowed = _allowed(works, total.shape)
    chances = chance_of(total[allowed]), chance_of(best[allowed])
    pairs = _top(total, best, allowed, chances, keep)
    told = [_with_questions(pair, works, questions) for pair in pairs]
    return Compared(list(works), told, questions, *chances, int(allowed.sum()))


def contribution(question: Question, works: Sequence[Work], first: int, second: int) -> Shared:
    """What a question adds to the score of one pair."""
    places = question.place.get(first), question.place.get(second)
    if places[0] is None or places[1] is None:
        return Shared(question.name, 0.0)
    mine, other = (question.answers[place] for place in places if place is not None)
    factor = _factor(question.name, works[first], works[second])
    return Shared(question.name, question.weights.says(mine, other) * factor, factor > 1)


def _question(name: str, works: Sequence[Work], ground: CommonGround) -> Question:
    found: list[int] = []
    answers: list[Fingerprint] = []
    for number, work in enumerate(works):
        pieces = [one.fingerprint() for one in work.pieces if one.question == name]
        if any(one.parts for one in pieces):
            found.append(number)
            answers.append(pieces[0] if len(pieces) == 1 else _together(pieces))
    code = name != OWN and all(
        one.kind == "code" for work in works for one in work.pieces if one.question == name
    )
    weights = weigh(
        answers, ground.given, ground.right.get(name), ground.n_right[name], as_a_whole=code
    )
    return Question(name, found, answers, weights, {one: at for at, one in enumerate(found)})


def _together(pieces: Sequence[Fingerprint]) -> Fingerprint:
    parts = {part.digest: part for one in pieces for part in one.parts}
    return Fingerprint(tuple(parts.values()), 0, frozenset(parts))


def _factor(question: str, mine: Work, other: Work) -> float:
    """Equal wrong answers say more: up to twice as much as equal right ones."""
    results = mine.results.get(question), other.results.get(question)
    if results[0] is None or results[1] is None:
        return 1.0
    same = results[0].failed == results[1].failed and bool(results[0].failed)
    return 2.0 - results[0].share if same else 1.0


def _table(question: Question, works: Sequence[Work], shape: tuple[int, int]) -> Table:
    """What the question adds to every pair, as `contribution` does for one; what is in the diagonal
    and below it is of no use.
    """
    table = np.zeros(shape, np.float32)
    weights = question.weights
    postings: dict[int, list[int]] = defaultdict(list)
    same: dict[int, list[int]] = defaultdict(list)
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, answer in zip(question.works, question.answers, strict=True):
        for digest in answer.digests & weights.parts.keys():
            postings[digest].append(number)
        if answer.whole in weights.most:
            same[answer.whole].append(number)
        result = works[number].results.get(question.name)
        if result and result.failed:
            alike[result.failed].append(number)
    together: dict[tuple[int, ...], float] = defaultdict(float)
    for digest, numbers in postings.items():
        if len(numbers) > 1:
            together[tuple(numbers)] += weights.parts[digest]
    for owners, weight in together.items():
        table[_block(table, owners)] += weight
    if weights.as_a_whole:
        _less_what_differs(table, question)
    for whole, numbers in same.items():
        block = _block(table, numbers)
        table[block] = np.minimum(table[block], weights.most[whole])
    for numbers in alike.values():
        share = works[numbers[0]].results[question.name].share
        table[_block(table, numbers)] *= 2.0 - share
    return table


def _less_what_differs(table: Table, question: Question) -> None:
    every = np.zeros(table.shape[1], np.float32)
    every[question.works] = [question.weights.of(one) for one in question.answers]
    both = every[: len(table), None] + every[None, :] - table
    share = np.divide(table, both, out=np.zeros_like(table), where=both > 0)
    table *= np.clip(share, 0.0, 1.0) ** UNLIKE


def _block(table: Table, numbers: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    columns = np.asarray(numbers, np.int64)
    return columns[columns < len(table)][:, None], columns[None, :]


def _allowed(works: Sequence[Work], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Which pairs are compared: each once, never one student's or one group's."""
    allowed = np.triu(np.ones(shape, bool), 1)
    owners: dict[object, list[int]] = defaultdict(list)
    for number, work in enumerate(works):
        for person in work.people:
            owners[person].append(number)
        if work.group:
            owners[work.group, work.year].append(number)
    for numbers in owners.values():
        for at, first in enumerate(numbers):
            for second in numbers[at + 1 :]:
                if first < shape[0] and not works[first].pair_with(works[second]):
                    allowed[first, second] = False
    return allowed


def _top(
    total: Table,
    best: Table,
    allowed: NDArray[np.bool_],
    chances: tuple[Chance, Chance],
    keep: int,
) -> list[Pair]:
    """The pairs with the least chance. A pair is judged by all of its questions, and by the one
    that is most alike: the smaller chance counts, twice, since there were two tries.
    """
    chosen: set[tuple[int, int]] = set()
    for table in (total, best):
        scores = np.where(allowed, table, -1.0)
        n = min(keep, scores.size)
        if n:
            flat = np.argpartition(scores, scores.size - n, axis=None)[scores.size - n :]
            rows, columns = np.unravel_index(flat, scores.shape)
            chosen |= {
                (int(row), int(column))
                for row, column in zip(rows, columns, strict=True)
                if scores[row, column] > 0
            }
    pairs = [
        Pair(
            first,
            second,
            float(total[first, second]),
            2
            * min(
                chances[0].expected(float(total[first, second])),
                chances[1].expected(float(best[first, second])),
            ),
        )
        for first, second in chosen
    ]
    return sorted(pairs, key=lambda one: (one.by_chance, -one.nats, one.first, one.second))[:keep]


def _with_questions(pair: Pair, works: Sequence[Work], questions: dict[str, Question]) -> Pair:
    shared = [contribution(one, works, pair.first, pair.second) for one in questions.values()]
    told = sorted((one for one in shared if one.nats > 0), key=lambda one: -one.nats)
    return Pair(pair.first, pair.second, pair.nats, pair.by_chance, tuple(told))
