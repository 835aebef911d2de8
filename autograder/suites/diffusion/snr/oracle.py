"""Oracle: signal-to-noise ratio."""

from __future__ import annotations

import torch
from torch import Tensor


def snr(alpha_bar: Tensor) -> Tensor:
    """1 / (1 - alpha_bar) - 1, without a difference of nearly equal numbers."""
    return torch.expm1(-torch.log1p(-alpha_bar))
