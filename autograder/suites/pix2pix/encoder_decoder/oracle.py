"""Oracle: the generator with a bottleneck."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn


def levels(
    n_in: int, n_out: int, widths: Sequence[int], n_skips: Sequence[int]
) -> tuple[nn.ModuleList, nn.ModuleList]:
    """The blocks down and up. n_skips: how many channels a block on the way up reads besides."""
    path = [n_in, *widths]
    down = nn.ModuleList(
        nn.Sequential(
            nn.Conv2d(a, b, kernel_size=4, stride=2, padding=1),
            *([nn.BatchNorm2d(b)] if i else []),
            nn.LeakyReLU(negative_slope=0.2),
        )
        for i, (a, b) in enumerate(pairwise(path))
    )
    back = [n_out, *widths][::-1]
    up = nn.ModuleList(
        nn.Sequential(
            nn.ConvTranspose2d(a + extra, b, kernel_size=4, stride=2, padding=1),
            *([nn.BatchNorm2d(b), nn.ReLU()] if j + 1 < len(widths) else [nn.Tanh()]),
        )
        for j, ((a, b), extra) in enumerate(zip(pairwise(back), n_skips, strict=True))
    )
    return down, up


def halves(x: Tensor, n_levels: int) -> None:
    """Raises ValueError for images that cannot be halved so often."""
    if x.shape[-1] % (1 << n_levels) or x.shape[-2] % (1 << n_levels):
        raise ValueError(f"{tuple(x.shape)}")


class EncoderDecoder(nn.Module):
    """A chain: all blocks down, dropout, all blocks up."""

    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        self.down, self.up = levels(n_in, n_out, widths, [0] * len(widths))
        self.middle = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        halves(x, len(self.down))
        return nn.Sequential(*self.down, self.middle, *self.up)(x)


encoder_decoder = EncoderDecoder
"""By the question's name."""
