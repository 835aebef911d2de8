"""Oracle: pairs of noise and the ends of its paths, by slices."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def reflow_pairs(
    sample: Callable[[Tensor], Tensor], noise: Tensor, batch_size: int
) -> tuple[Tensor, Tensor]:
    """Every slice of the rows is moved, and detached afterwards."""
    if batch_size < 1:
        raise ValueError(f"{batch_size} rows")
    rows = noise.detach()
    ends = [
        sample(rows[start : start + batch_size]).detach()
        for start in range(0, len(rows), batch_size)
    ]
    return rows, torch.cat(ends)
