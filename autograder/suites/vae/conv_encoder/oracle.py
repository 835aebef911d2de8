"""Oracle: a convolutional encoder."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from autograder.suites.vae.convolutions import COARSE, stages


class _Encoder(nn.Module):
    """Convolutions whose padding is added on the right and at the bottom alone, and a convolution
    over the whole coarsest grid.
    """

    def __init__(self, n_outputs: int, width: int, image_size: int, n_channels: int) -> None:
        super().__init__()
        sizes = [channels for channels, *_ in stages(width, image_size)]
        self.convs = nn.ModuleList(
            nn.Conv2d(n_in, n_out, 3, stride=2, bias=False)
            for n_in, n_out in zip([n_channels, *sizes[:-1]], sizes, strict=True)
        )
        self.norms = nn.ModuleList(map(nn.BatchNorm2d, sizes))
        self.code = nn.Conv2d(sizes[-1], n_outputs, COARSE)

    def forward(self, x: Tensor) -> Tensor:
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = norm(conv(functional.pad(x, (0, 1, 0, 1)))).clamp(min=0)
        return self.code(x)[:, :, 0, 0]


def conv_encoder(n_outputs: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """Convolutional encoder, (B, n_channels, S, S) -> (B, n_outputs)."""
    return _Encoder(n_outputs, width, image_size, n_channels)
