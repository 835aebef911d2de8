"""Which known wrong answer fails the same checks in the same way as a student's.

Two answers are compared by what they fail: each failed check counts once by its name and once by
the way in which it failed, the rarer among the question's known wrong answers the more. The
similarity is the weight of what both have, divided by the weight of what either has (a weighted
Jaccard index, 0 to 1). A known answer with the same wrong numbers comes before all without.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.audit.failures import Failures, same_numbers

Sure = Literal["very likely", "likely", "possible", "unknown"]
NEAR = 0.6
"""The least similarity of an answer that is named."""
NEARLY_ALL = 0.9
"""The least similarity of one that is named as likely."""
SAME_SECRET = 0.25
"""The share of similar answers with the same numbers, above which they have the same secret."""
MOST_TIES = 3
"""Of more known wrong answers that cannot be told apart none is named."""

Token = tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A known wrong answer, compared with a student's. `numbers`: of the checks that both fail in
    the same way with numbers in it, the share with the same numbers; None: there is none.
    """

    name: str
    similarity: float
    numbers: float | None

    @property
    def same_numbers(self) -> bool:
        return (self.numbers or 0.0) >= 0.5 and self.similarity >= NEAR

    @property
    def rank(self) -> tuple[bool, float, float]:
        """The higher, the likelier."""
        numbers = round(self.numbers or 0.0, 6)
        return self.same_numbers, round(self.similarity, 6), numbers


@dataclass(frozen=True)
class Match:
    """What is known of one way to fail.

    names: the known wrong answer that explains it, several where they cannot be told apart; sorted.
    Empty: none fails like this, or too many (`n_alike`) do.
    """

    names: tuple[str, ...]
    sure: Sure
    similarity: float = 0.0
    n_alike: int = 0

    @property
    def share(self) -> float:
        """Of the known wrong answers that fit as well, the share that each named one is."""
        return 1 / self.n_alike if self.n_alike else 0.0


class KnownPatterns:
    """The known wrong answers of one question, by name."""

    def __init__(self, answers: Mapping[str, Failures]) -> None:
        self._answers = {name: failures for name, failures in answers.items() if failures}
        self._tokens = {name: _tokens(failures) for name, failures in self._answers.items()}
        n_with = Counter(token for tokens in self._tokens.values() for token in tokens)
        self._weights = {token: self._rarity(n) for token, n in n_with.items()}

    def ranked(self, failures: Failures) -> list[Candidate]:
        """Every known wrong answer, the likeliest first; ties by name."""
        mine = _tokens(failures)
        found = [
            Candidate(name, self._similarity(mine, tokens), same_numbers(failures, answer))
            for (name, answer), tokens in zip(
                self._answers.items(), self._tokens.values(), strict=True
            )
        ]
        found.sort(key=lambda one: one.name)
        return sorted(found, key=lambda one: one.rank, reverse=True)

    def match(self, failures: Failures, *, numbers_decide: bool = False) -> Match:
        """The known wrong answer that explains what a student fails."""
        return match_of(self.ranked(failures), numbers_decide=numbers_decide)

    def _similarity(self, mine: frozenset[Token], theirs: frozenset[Token]) -> float:
        either = self._weight(mine | theirs)
        return self._weight(mine & theirs) / either if either else 0.0

    def _weight(self, tokens: Iterable[Token]) -> float:
        unknown = self._rarity(0)
        return math.fsum(self._weights.get(token, unknown) for token in tokens)

    def _rarity(self, n_with: int) -> float:
        """The weight of what `n_with` known wrong answers have: of all 0.7, of few more."""
        return math.log(1 + (len(self._answers) + 1) / (n_with + 1))


def match_of(ranked: Iterable[Candidate], *, numbers_decide: bool) -> Match:
    """The known wrong answer that explains it, of all the likeliest first, and how sure that is.

    numbers_decide: whether the known answers were graded with the same secret, so that one with
    other numbers is another mistake.
    """
    fitting = [
        one for one in ranked if not numbers_decide or one.numbers is None or one.same_numbers
    ]
    if not fitting or fitting[0].similarity < NEAR:
        return Match((), "unknown")
    best = fitting[0]
    ties = tuple(one.name for one in fitting if one.rank == best.rank)
    if len(ties) > MOST_TIES:
        return Match((), "unknown", best.similarity, len(ties))
    return Match(ties, _sure(best, len(ties)), best.similarity, len(ties))


def same_secret(candidates: Iterable[Candidate]) -> bool:
    """Whether a class was graded with the secret of the known answers, by the likeliest candidate
    for each of its answers: with another secret hardly any has the same numbers.
    """
    similar = [one for one in candidates if one.similarity >= NEARLY_ALL]
    compared = [one for one in similar if one.numbers is not None]
    return sum(one.same_numbers for one in compared) > SAME_SECRET * len(compared)


def _sure(best: Candidate, n_ties: int) -> Sure:
    """In a word. Numbers that could be the same and are not speak against it."""
    if n_ties > 1 or best.similarity < NEARLY_ALL:
        return "likely" if best.same_numbers else "possible"
    if best.same_numbers:
        return "very likely"
    return "likely" if best.numbers is None else "possible"


def _tokens(failures: Failures) -> frozenset[Token]:
    by_name: Sequence[Token] = [(name,) for name in failures]
    by_way: Sequence[Token] = [(name, failure.way) for name, failure in failures.items()]
    return frozenset([*by_name, *by_way])
