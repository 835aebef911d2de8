"""Oracle: batch norm and instance norm."""

from __future__ import annotations

import torch
from torch import Tensor


def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    """By rows of numbers that share their statistics: E[h^2] - E[h]^2 of centred rows, float64."""
    b, c, height, width = h.shape
    rows = h.double().reshape(b * c, -1) if per_image else h.double().transpose(0, 1).reshape(c, -1)
    rows = rows - rows.mean(1, keepdim=True)
    variance = torch.linalg.vecdot(rows, rows) / rows.shape[1]
    normed = rows * (variance[:, None] + eps).rsqrt()
    if per_image:
        return normed.reshape(h.shape).to(h.dtype)
    return normed.reshape(c, b, height, width).transpose(0, 1).to(h.dtype)
