"""Oracle: the cheapest permutation, by trying all of them."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.diffusion.probability_paths import permutations


def costs(x_0: Tensor, x_1: Tensor) -> Tensor:
    """Squared distances of all pairs, in float64: (B, B)."""
    rows, columns = (x.detach().cpu().double().reshape(len(x), -1) for x in (x_0, x_1))
    return (rows[:, None] - columns).square().sum(2)


def total(table: Tensor, permutation: Tensor) -> Tensor:
    """What a pairing costs."""
    return table.gather(1, permutation.cpu()[:, None]).sum()


def minibatch_coupling(x_0: Tensor, x_1: Tensor) -> Tensor:
    """The first of all permutations with the least total cost, for batches of at most 7."""
    table, candidates = costs(x_0, x_1), permutations(len(x_0))
    totals = table[torch.arange(len(table)), candidates].sum(1)
    return candidates[totals.argmin()].to(x_0.device)
