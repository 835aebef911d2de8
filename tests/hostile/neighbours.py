"""What attacks cost the honest submissions that were graded at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Graded:
    """When the grader was at a submission, in seconds on one clock."""

    begin: float
    seconds: float

    def overlap(self, other: Graded) -> float:
        end = min(self.begin + self.seconds, other.begin + other.seconds)
        return max(0.0, end - max(self.begin, other.begin))


def costs(attacks: Mapping[str, Graded], neighbours: list[Graded]) -> dict[str, float]:
    """Seconds by attack: how much longer than the median neighbour each neighbour took, shared
    among the attacks beside it by the time that they were beside it.

    A neighbour that is slow beside no attack charges nobody.
    """
    found = dict.fromkeys(attacks, 0.0)
    usual = median(one.seconds for one in neighbours) if neighbours else 0.0
    for one in neighbours:
        beside = {name: one.overlap(attack) for name, attack in attacks.items()}
        if (all_of_it := sum(beside.values())) and one.seconds > usual:
            for name, overlap in beside.items():
                found[name] += (one.seconds - usual) * overlap / all_of_it
    return {name: round(cost, 2) for name, cost in found.items()}
