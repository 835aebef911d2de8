"""Oracle: the U-Net."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from autograder.suites.diffusion.time_embedding import oracle as time_embedding_oracle

N_GROUPS = 4


class TimeUNet(nn.Module):
    """Recursive: each level wraps the coarser ones."""

    def __init__(
        self,
        n_channels: int,
        widths: Sequence[int],
        n_emb: int,
        block: Callable[[int, int, int], nn.Module],
    ) -> None:
        super().__init__()
        self.n_levels, self.n_emb = len(widths), n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        self.down = nn.ModuleList(
            block(widths[max(i - 1, 0)], widths[i], n_emb) for i in range(len(widths))
        )
        self.up = nn.ModuleList(
            block(widths[-1 - i] + widths[-2 - i], widths[-2 - i], n_emb)
            for i in range(len(widths) - 1)
        )
        norm = nn.GroupNorm(N_GROUPS, widths[0])
        self.last = nn.Sequential(norm, nn.SiLU(), nn.Conv2d(widths[0], n_channels, 3, padding=1))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """x: (B, n_channels, H, W); t: (B,). As x."""
        height, width = x.shape[2:]
        if height % 2 ** (self.n_levels - 1) or width % 2 ** (self.n_levels - 1):
            raise ValueError(f"{height} x {width}")
        emb = self.embed(time_embedding_oracle.time_embedding(t.to(x.dtype), self.n_emb))
        return self.last(self._level(0, self.first(x), emb))

    def _level(self, i: int, x: Tensor, emb: Tensor) -> Tensor:
        """What comes back from level i and all coarser ones."""
        skip = self.down[i](x, emb)
        if i == self.n_levels - 1:
            return skip
        blocks = skip.unflatten(3, (-1, 2)).unflatten(2, (-1, 2))  # (B, C, h, 2, w, 2)
        coarse = self._level(i + 1, blocks.mean((3, 5)), emb)
        fine = coarse.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
        return self.up[self.n_levels - 2 - i](torch.cat([fine, skip], 1), emb)


time_unet = TimeUNet
"""By the question's name."""
