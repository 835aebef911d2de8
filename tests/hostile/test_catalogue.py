"""Attacks, graded as one class in a planted course: they gain nothing, learn nothing, harm nobody,
and the run ends.

Every one by code, and a quarter of those by files: `python -m tests.hostile` grades all.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.hostile.attack import Attack
from tests.hostile.catalogue import catalogue, sample
from tests.hostile.run import Outcome, run_class
from tests.hostile.verdict import Verdict

LEAST = 60

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run_class(sample())


@pytest.fixture(scope="module")
def verdict(outcome: Outcome) -> Callable[[str], Verdict]:
    by_name = {verdict.name: verdict for verdict in outcome.verdicts}
    return by_name.__getitem__


def test_the_catalogue_is_large_and_every_attack_says_what_it_wants() -> None:
    assert len(catalogue()) >= LEAST
    assert all(attack.name and attack.gain and attack.family for attack in catalogue())


@pytest.mark.parametrize("attack", sample(), ids=lambda attack: attack.name)
def test_an_attack_gets_what_its_honest_part_deserves_and_nothing_else(
    verdict: Callable[[str], Verdict], attack: Attack
) -> None:
    assert verdict(attack.name).problems == []


def test_honest_neighbours_keep_all_points(outcome: Outcome) -> None:
    neighbours = [verdict for verdict in outcome.verdicts if verdict.family == "neighbour"]
    assert len(neighbours) > len(sample()) // 10
    assert [verdict for verdict in neighbours if not verdict.ok] == []


def test_the_run_ends_and_leaves_nothing_running_or_written(outcome: Outcome) -> None:
    assert outcome.problems == []
