"""Oracle: the time embedding."""

from __future__ import annotations

import torch
from torch import Tensor


def time_embedding(t: Tensor, n: int, max_period: float = 10_000.0) -> Tensor:
    """Column by column: the imaginary and the real part of exp(i w t)."""
    half, columns = n // 2, []
    times = t if t.is_floating_point() else t.to(torch.float64)
    for part in ("imag", "real"):
        for i in range(half):
            rate = max_period ** (-i / (half - 1)) if half > 1 else 1.0
            angle = rate * times.double()
            columns.append(getattr(torch.polar(torch.ones_like(angle), angle), part))
    if n % 2:
        columns.append(torch.zeros_like(times, dtype=torch.float64))
    return torch.stack(columns, 1).to(t.dtype if t.is_floating_point() else torch.float32)
