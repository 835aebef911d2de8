"""Oracle: the permutation of classes that a translation agrees with best."""

from __future__ import annotations

import torch
from torch import Tensor


def best_class_map(before: Tensor, after: Tensor, n_classes: int) -> tuple[Tensor, float]:
    """By dynamic programming over the sets of classes that are taken: the best way to give the
    first classes those of a set, with one list of choices for each set.
    """
    pairs = torch.stack([before, after], 1).tolist()
    counts = [[0] * n_classes for _ in range(n_classes)]
    for k, j in pairs:
        counts[k][j] += 1
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for k in range(n_classes):
        extended: dict[int, tuple[int, tuple[int, ...]]] = {}
        for taken, (total, chosen) in best.items():
            for j in range(n_classes):
                if taken >> j & 1:
                    continue
                candidate = (total + counts[k][j], (*chosen, j))
                key = taken | 1 << j
                if key not in extended or candidate[0] > extended[key][0]:
                    extended[key] = candidate
        best = extended
    total, chosen = best[(1 << n_classes) - 1]
    return torch.tensor(chosen, device=before.device), total / len(before)
