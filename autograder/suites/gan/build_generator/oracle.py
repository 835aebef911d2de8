"""Oracle: A DCGAN generator."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from autograder.suites.gan.dcgan import coarse_size


class _DcganGenerator(nn.Module):
    """Projection by a transposed convolution of a 1x1 map, then nearest-neighbour resizing and 3x3
    convolutions.
    """

    def __init__(self, n_latent: int, width: int, image_size: int, n_channels: int) -> None:
        super().__init__()
        coarse = coarse_size(image_size)
        n_stages = (image_size // coarse).bit_length() - 1
        sizes = [width << (n_stages - 1 - stage) for stage in range(n_stages)]
        self.project = nn.ConvTranspose2d(n_latent, sizes[0], coarse)
        self.convs = nn.ModuleList(nn.Conv2d(n_in, n_in // 2, 3, padding=1) for n_in in sizes[:-1])
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes)
        self.image = nn.Conv2d(width, n_channels, 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        h = self.project(z[:, :, None, None])
        for norm, layer in zip(self.norms, [*self.convs, self.image], strict=True):
            h = layer(functional.interpolate(functional.relu(norm(h)), scale_factor=2.0))
        return torch.tanh(h)


def build_generator(n_latent: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """DCGAN generator (Radford et al. 2016), z (B, n_latent) -> (B, n_channels, S, S) in
    [-1, 1].
    """
    return _DcganGenerator(n_latent, width, image_size, n_channels)
