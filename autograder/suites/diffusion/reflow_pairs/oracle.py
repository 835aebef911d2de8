"""Oracle: pairs of noise and the ends of its paths, row by row."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def reflow_pairs(
    sample: Callable[[Tensor], Tensor], noise: Tensor, batch_size: int
) -> tuple[Tensor, Tensor]:
    """No row depends on another, so portions do not matter: every row is moved alone."""
    if batch_size < 1:
        raise ValueError(f"{batch_size} rows")
    ends = [sample(row[None]).detach() for row in noise.detach()]
    return noise.detach(), torch.cat(ends)
