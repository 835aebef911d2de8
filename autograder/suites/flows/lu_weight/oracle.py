"""Oracle: the weight of a 1x1 convolution from its parts."""

from __future__ import annotations

import torch
from torch import Tensor


def lu_weight(
    permutation: Tensor, lower: Tensor, upper: Tensor, sign: Tensor, log_s: Tensor
) -> tuple[Tensor, Tensor]:
    """L and U entry by entry. (C, C) and 0-d."""
    n = len(log_s)
    one, zero = torch.ones_like(log_s[0]), torch.zeros_like(log_s[0])
    left = [[lower[i, j] if i > j else one if i == j else zero for j in range(n)] for i in range(n)]
    right = [
        [upper[i, j] if i < j else sign[i] * log_s[i].exp() if i == j else zero for j in range(n)]
        for i in range(n)
    ]
    left, right = (torch.stack([torch.stack(row) for row in rows]) for rows in (left, right))
    return permutation.to(log_s.dtype) @ (left @ right), torch.stack(list(log_s)).sum()
