"""What attacks cost their neighbours, on classes made up by hand."""

from __future__ import annotations

from tests.hostile.neighbours import Graded, costs


def test_a_slow_neighbour_charges_who_was_beside_it_by_the_time() -> None:
    attacks = {"long": Graded(10, 30), "short": Graded(36, 10), "alone": Graded(100, 50)}
    neighbours = [Graded(0, 2), Graded(20, 20), Graded(60, 2)]
    # 18 s more than the median; beside it "long" for 20 s and "short" for 4 s
    assert costs(attacks, neighbours) == {"long": 15.0, "short": 3.0, "alone": 0.0}


def test_nobody_is_charged_without_neighbours_or_overlap() -> None:
    attacks = {"one": Graded(0, 5)}
    assert costs(attacks, []) == {"one": 0.0}
    assert costs(attacks, [Graded(5, 9), Graded(20, 1), Graded(30, 1)]) == {"one": 0.0}
    assert costs({}, [Graded(0, 1)]) == {}
