"""Oracle: the discriminator of patches."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class PatchDiscriminator(nn.Module):
    """Blocks one after the other on the images side by side."""

    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        n = len(layers)
        path = [n_source + n_target, *(width << i for i in range(n - 1)), 1]
        blocks = []
        for i, sizes in enumerate(layers):
            inner = [nn.BatchNorm2d(path[i + 1])] if 0 < i < n - 1 else []
            end = [nn.LeakyReLU(0.2)] if i < n - 1 else []
            blocks.append(nn.Sequential(nn.Conv2d(path[i], path[i + 1], *sizes), *inner, *end))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.blocks(torch.concat((x, y), 1))


patch_discriminator = PatchDiscriminator
"""By the question's name."""
