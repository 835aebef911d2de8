"""How much it says that two answers share a part: the rarer in the class, the more.

A part that the share p of the others has says log(COMMON / p), beyond what the parts in it say
already: so a whole that is as common as its parts says nothing more than they do. What was given
says nothing, and what right answers have is taken to be written by many.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.similarity.fingerprints import Fingerprint, Part

COMMON = 0.5
"""From this share of the class on, a part says nothing."""
RIGHT = 0.5
"""The share of the class that is taken to write one of the known right answers."""
NATS_PER_NODE = 0.7
"""The most that a part says for each of its own nodes or words: short ones are alike by chance."""
MANY, MANY_SHARE = 3, 0.01
"""More others than this (and this share of them) with the same whole answer are no ring: it is what
many write, however many rare parts it has."""


@dataclass
class Weights:
    """The weights of one question. Digests without one say nothing."""

    parts: dict[int, float]
    whole: dict[int, float]
    """By digest of a whole answer, the most that it says, where many write the same."""

    def says(self, mine: Fingerprint, other: Fingerprint) -> float:
        """How much it says that two answers are as alike as they are, in nats."""
        shared = sum(self.parts.get(digest, 0.0) for digest in mine.digests & other.digests)
        if mine.whole == other.whole:
            return min(shared, self.whole.get(mine.whole, math.inf))
        return shared


def weigh(
    answers: Sequence[Fingerprint],
    given: Iterable[int] = (),
    right: Mapping[int, int] | None = None,
    n_right: int = 0,
) -> Weights:
    """The weights of a question by its answers. right: how many of `n_right` right answers have a
    part.
    """
    known: dict[int, Part] = {part.digest: part for one in answers for part in one.parts}
    counts = Counter(digest for one in answers for digest in one.digests)
    wholes = Counter(one.whole for one in answers if one.whole)
    others = max(len(answers) - 1, 1)
    given, right = set(given), right or {}

    def says(digest: int, n_have: int) -> float:
        if digest in given:
            return 0.0
        told = RIGHT * right.get(digest, 0) / n_right if n_right else 0.0
        return max(0.0, math.log(COMMON / max((n_have - 1) / others, told, 1 / others)))

    rarity = {digest: says(digest, counts[digest]) for digest in known}
    parts = {}
    for digest, part in known.items():
        more = rarity[digest] - max((rarity.get(one, 0.0) for one in part.inner), default=0.0)
        if counts[digest] > 1 and more > 0:
            parts[digest] = min(more, NATS_PER_NODE * part.n_own)
    ring = max(MANY, MANY_SHARE * others)
    whole = {
        digest: says(digest, n) for digest, n in wholes.items() if n - 1 > ring or digest in right
    }
    return Weights(parts, whole)
