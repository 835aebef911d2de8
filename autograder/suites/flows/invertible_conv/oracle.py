"""Oracle: the invertible 1x1 convolution."""

from __future__ import annotations

import torch
from torch import Tensor


def invertible_conv(x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix product at each pixel; the logarithms of the singular values for each of them.
    As x, and (B,).
    """
    pixels = x.permute(0, 2, 3, 1).unsqueeze(-1)  # (B, H, W, C, 1)
    z = (weight @ pixels).squeeze(-1).permute(0, 3, 1, 2)
    size = weight.detach().abs().max()  # so that tiny numbers are not squared
    per_pixel = torch.linalg.svdvals(weight / size).log().sum() + len(weight) * size.log()
    return z, torch.stack([per_pixel * sample[0].numel() for sample in x])
