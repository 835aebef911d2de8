"""Oracle: a convolutional decoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from autograder.suites.vae.convolutions import COARSE, stages


class _Decoder(nn.Module):
    """Projection by a transposed convolution of a 1x1 map, then transposed 3x3 convolutions of
    stride 2.
    """

    def __init__(self, n_latent: int, width: int, image_size: int, n_channels: int) -> None:
        super().__init__()
        sizes = [channels for channels, *_ in reversed(stages(width, image_size))]
        self.project = nn.ConvTranspose2d(n_latent, sizes[0], COARSE)
        self.norms = nn.ModuleList(map(nn.BatchNorm2d, sizes))
        self.convs = nn.ModuleList(
            nn.ConvTranspose2d(n_in, n_out, 3, stride=2, padding=1, output_padding=1)
            for n_in, n_out in zip(sizes, [*sizes[1:], n_channels], strict=True)
        )

    def forward(self, z: Tensor) -> Tensor:
        h = self.project(z[:, :, None, None])
        for norm, conv in zip(self.norms, self.convs, strict=True):
            h = conv(functional.relu(norm(h)))
        return torch.tanh(h)


def conv_decoder(n_latent: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """Convolutional decoder, z (B, n_latent) -> (B, n_channels, S, S) in [-1, 1]."""
    return _Decoder(n_latent, width, image_size, n_channels)
