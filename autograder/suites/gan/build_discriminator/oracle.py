"""Oracle: A DCGAN discriminator."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from autograder.suites.gan.dcgan import coarse_size


class _DcganDiscriminator(nn.Module):
    """3x3 convolutions of stride 2, and a linear layer at the end."""

    def __init__(self, width: int, image_size: int, n_channels: int) -> None:
        super().__init__()
        coarse = coarse_size(image_size)
        n_stages = (image_size // coarse).bit_length() - 1
        sizes = [width << stage for stage in range(n_stages)]
        self.first = nn.Conv2d(n_channels, width, 3, stride=2, padding=1)
        self.convs = nn.ModuleList(
            nn.Conv2d(size // 2, size, 3, stride=2, padding=1) for size in sizes[1:]
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes[1:])
        self.logit = nn.Linear(sizes[-1] * coarse**2, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = functional.leaky_relu(self.first(x), 0.2)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            h = functional.leaky_relu(norm(conv(h)), 0.2)
        return self.logit(h.flatten(1))[:, 0]


def build_discriminator(width: int, image_size: int, n_channels: int) -> nn.Module:
    """DCGAN discriminator (Radford et al. 2016), (B, n_channels, S, S) -> (B,) logits."""
    return _DcganDiscriminator(width, image_size, n_channels)
