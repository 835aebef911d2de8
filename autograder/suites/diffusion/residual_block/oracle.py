"""Oracle: a residual block that is told the time."""

from __future__ import annotations

import torch
from torch import Tensor, nn

N_GROUPS = 4


class ResidualBlock(nn.Module):
    """The parts hold the weights only. Normalisation by the moments of each group, convolutions as
    sums over the nine shifts of a padded image.
    """

    def __init__(self, n_in: int, n_out: int, n_emb: int) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = nn.GroupNorm(N_GROUPS, n_in), nn.GroupNorm(N_GROUPS, n_out)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x: Tensor, emb: Tensor) -> Tensor:
        """x: (B, n_in, H, W); emb: (B, n_emb). (B, n_out, H, W)."""
        h = convolve(self.conv_1, silu(normalise(self.norm_1, x)))
        h = (h.permute(2, 3, 0, 1) + silu(emb) @ self.emb.weight.T + self.emb.bias).permute(
            2, 3, 0, 1
        )
        h = convolve(self.conv_2, silu(normalise(self.norm_2, h)))
        return h + (x if isinstance(self.shortcut, nn.Identity) else convolve(self.shortcut, x))


def silu(x: Tensor) -> Tensor:
    return x / (1 + torch.exp(-x))


def normalise(norm: nn.GroupNorm, x: Tensor) -> Tensor:
    """Group norm, group by group."""
    groups = []
    for group in x.chunk(norm.num_groups, dim=1):
        rows = group.flatten(1)
        mean = rows.mean(1)[:, None, None, None]
        spread = rows.var(1, correction=0)[:, None, None, None]
        groups.append((group - mean) / (spread + norm.eps).sqrt())
    return torch.cat(groups, 1) * norm.weight[:, None, None] + norm.bias[:, None, None]


def convolve(conv: nn.Conv2d, x: Tensor) -> Tensor:
    """A 3x3 convolution with padding 1, or a 1x1 convolution without."""
    size = conv.weight.shape[-1]
    wide = nn.functional.pad(x, [size // 2] * 4)
    height, width = x.shape[2:]
    total: Tensor | float = 0.0
    for i in range(size):
        for j in range(size):
            part = wide[:, :, i : i + height, j : j + width]
            total = total + torch.einsum("oc,bchw->bohw", conv.weight[:, :, i, j], part)
    assert conv.bias is not None
    return total + conv.bias[:, None, None]


residual_block = ResidualBlock
"""By the question's name."""
