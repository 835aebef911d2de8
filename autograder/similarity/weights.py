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
RIGHT = 1.0
"""The share of the class that is taken to write one of the known right answers."""
NATS_PER_NODE = 1.0
"""The most that a part says for each of its own nodes or words: short ones are alike by chance."""
UNLIKE = 2
"""The power of the shared share (Jaccard's, by weight) that what is not shared costs; measured."""
MANY, MANY_SHARE = 3, 0.01
"""More others than this (and this share of them) with the same whole answer are no ring: it is what
many write, however many rare parts it has."""


@dataclass(frozen=True)
class Weights:
    """The weights of one question. Digests without one say nothing."""

    parts: dict[int, float]
    """Of every part, in nats, whether it is shared or not."""
    most: dict[int, float]
    """By digest of a whole answer, the most that it says, where many write the same."""
    as_a_whole: bool = True
    """Whether what two answers do not share counts against them: so it is for code. A paragraph
    that is copied into a long text, or one of many cells, is as telling as by itself."""

    def of(self, answer: Fingerprint) -> float:
        """All that an answer could share, in nats."""
        return sum(self.parts.get(digest, 0.0) for digest in answer.digests)

    def says(self, mine: Fingerprint, other: Fingerprint) -> float:
        """How much it says that two answers are as alike as they are, in nats."""
        shared = sum(self.parts.get(digest, 0.0) for digest in mine.digests & other.digests)
        if mine.whole == other.whole:
            return min(shared, self.most.get(mine.whole, math.inf))
        if not shared or not self.as_a_whole:
            return shared
        return shared * (shared / (self.of(mine) + self.of(other) - shared)) ** UNLIKE


def weigh(
    answers: Sequence[Fingerprint],
    given: Iterable[int] = (),
    right: Mapping[int, int] | None = None,
    n_right: int = 0,
    *,
    as_a_whole: bool = True,
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
        if more > 0:
            parts[digest] = min(more, NATS_PER_NODE * part.n_own)
    ring = max(MANY, MANY_SHARE * others)
    most = {
        digest: says(digest, n) for digest, n in wholes.items() if n - 1 > ring or digest in right
    }
    return Weights(parts, most, as_a_whole)
