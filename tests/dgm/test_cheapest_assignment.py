"""The assignment problem, against scipy and against all permutations."""

from __future__ import annotations

import itertools

import pytest
import scipy.optimize
import torch
from dgm.assignment import cheapest_assignment


@pytest.mark.parametrize("n", [1, 2, 5, 30, 64])
@pytest.mark.parametrize("kind", ["normal", "ties", "distances"])
def test_as_cheap_as_scipys(n: int, kind: str) -> None:
    torch.manual_seed(n)
    costs = torch.randn(n, n, dtype=torch.float64)
    if kind == "ties":
        costs = costs.round()
    if kind == "distances":
        costs = 1e6 * torch.cdist(torch.randn(n, 2), torch.randn(n, 2)).double().square()
    columns = cheapest_assignment(costs)
    rows, theirs = scipy.optimize.linear_sum_assignment(costs.numpy())
    assert columns.dtype == torch.int64
    assert sorted(columns.tolist()) == list(range(n))
    found = costs[torch.arange(n), columns].sum()
    torch.testing.assert_close(found, costs[rows, theirs].sum(), rtol=1e-12, atol=1e-9)


def test_the_cheapest_of_all_permutations() -> None:
    torch.manual_seed(0)
    for _ in range(20):
        costs = torch.randn(5, 5)
        totals = [
            float(sum(costs[i, j] for i, j in enumerate(p)))
            for p in itertools.permutations(range(5))
        ]
        found = float(costs[torch.arange(5), cheapest_assignment(costs)].sum())
        assert found == pytest.approx(min(totals), abs=1e-5)


def test_nothing_to_assign_and_gradients() -> None:
    assert cheapest_assignment(torch.zeros(0, 0)).shape == (0,)
    costs = torch.eye(3, requires_grad=True)
    assert cheapest_assignment(-costs).tolist() == [0, 1, 2]


def test_refusals() -> None:
    with pytest.raises(ValueError, match="2, 3"):
        cheapest_assignment(torch.zeros(2, 3))
    with pytest.raises(ValueError, match="finite"):
        cheapest_assignment(torch.tensor([[0.0, float("inf")], [1.0, 2.0]]))
