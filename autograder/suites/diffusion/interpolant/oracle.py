"""Oracle: the straight path, sample by sample, as a weighted sum."""

from __future__ import annotations

import torch
from torch import Tensor


def interpolant(x_0: Tensor, x_1: Tensor, t: Tensor, sigma_min: float = 0.0) -> Tensor:
    """The end is x_1 + sigma_min x_0; each sample walks there from x_0 at constant speed."""
    ends = x_1 + sigma_min * x_0
    return torch.stack(
        [torch.lerp(begin, end, time) for begin, end, time in zip(x_0, ends, t, strict=True)]
    )
