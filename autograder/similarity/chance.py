"""How many pairs of a class would be as alike by chance, told from the class itself.

Nearly all pairs of a class wrote alone, so their scores show what chance does. Scores far from the
middle fall off about exponentially (peaks over threshold, Pickands 1975, with shape 0): above a
threshold that `n` pairs exceed, n exp(-(s - threshold) / scale) pairs are expected to exceed s. The
scale is estimated from the median excess: copied pairs at the top make it larger, so that they are
called less rare than they are, and only a little while they are few.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EXCEED_SHARE, MIN_EXCEED, MAX_EXCEED = 0.05, 20, 200
"""The threshold is exceeded by this share of all pairs, and by so many at least and at most: so far
out that the rest falls off exponentially (measured, docs/similarity.md)."""
MIN_PAIRS = 45
"""Of ten students: fewer pairs show nothing."""


@dataclass(frozen=True)
class Chance:
    """The tail of the scores of pairs that wrote alone."""

    threshold: float
    scale: float
    n_exceed: int

    def expected(self, score: float) -> float:
        """How many pairs of this class would have this score or more by chance."""
        if self.n_exceed == 0:
            return math.inf
        return self.n_exceed * math.exp(min(0.0, -(score - self.threshold) / self.scale))


def chance_of(scores: NDArray[np.float32]) -> Chance:
    """The tail, from the scores of all pairs of a class. With too few pairs nothing is known, and
    `expected` is infinite.
    """
    if len(scores) < MIN_PAIRS:
        return Chance(0.0, 1.0, 0)
    n_exceed = min(max(int(EXCEED_SHARE * len(scores)), MIN_EXCEED), MAX_EXCEED, len(scores) // 2)
    top = np.sort(scores)[::-1][: n_exceed + 1]
    threshold = float(top[n_exceed])
    excess = float(np.median(top[:n_exceed])) - threshold
    return Chance(threshold, max(excess / math.log(2), 1e-6), n_exceed)
