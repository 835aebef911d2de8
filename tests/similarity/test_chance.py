"""How many pairs are alike by chance: right for scores that are chance, unmoved by copies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograder.similarity.chance import chance_of


@pytest.mark.parametrize("n", [800, 20_000])
def test_as_many_pairs_as_expected_exceed_a_score(n: int) -> None:
    ratios = []
    for seed in range(20):
        scores = np.random.default_rng(seed).exponential(2.0, n).astype(np.float32)
        level = float(2 * math.log(n / 3))  # three of n are expected above it
        ratios.append(chance_of(scores).expected(level) / 3)
    assert 0.6 < float(np.median(ratios)) < 1.6


def test_copies_move_it_to_the_careful_side_and_not_far() -> None:
    ratios, expected = [], []
    for seed in range(10):
        scores = np.random.default_rng(seed).exponential(2.0, 800).astype(np.float32)
        before = chance_of(scores).expected(16.0)
        scores[:6] = 60.0
        ratios.append(chance_of(scores).expected(16.0) / before)
        expected.append(chance_of(scores).expected(60.0))
    assert 1 < float(np.median(ratios)) < 10
    assert max(expected) < 1e-3


def test_a_tiny_class_tells_nothing_and_equal_scores_are_no_error() -> None:
    assert chance_of(np.ones(20, np.float32)).expected(99.0) == math.inf
    assert chance_of(np.zeros(100, np.float32)).expected(0.0) >= 1
