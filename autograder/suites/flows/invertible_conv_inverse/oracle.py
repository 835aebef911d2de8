"""Oracle: the inverse of the 1x1 convolution."""

from __future__ import annotations

import torch
from torch import Tensor


def invertible_conv_inverse(z: Tensor, weight: Tensor) -> Tensor:
    """Solves weight x = z for all pixels at once. As z."""
    columns = z.transpose(0, 1)  # (C, B, H, W)
    x = torch.linalg.solve(weight, columns.reshape(len(weight), -1))
    return x.reshape(columns.shape).transpose(0, 1)
