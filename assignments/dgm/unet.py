"""A small time-conditional U-Net, the network of diffusion and flow-matching models (Ho et al. 2020)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from dgm.nets import mlp

N_GROUPS = 4
"""Groups of the group norm: every group has at least two channels."""


class UNet(nn.Module):
    """Images, times and, if asked for, classes to images of the same shape, by residual blocks at three resolutions with skips.

    n_channels: of the images.
    width: channels at full resolution, a multiple of 8; twice and four times as many at a half and a quarter of it.
    n_classes: K adds a class embedding for labels 0..K-1 and the null class K, which stands for no label (Ho and Salimans 2022).
    max_time: the largest time, T for steps 0..T-1 and 1.0 for t in [0, 1]; the embedding has the resolution for a thousandth of it.

    Raises ValueError for another width, and a max_time that is not positive.
    """

    def __init__(
        self,
        n_channels: int,
        width: int = 16,
        n_classes: int | None = None,
        max_time: float = 1000.0,
    ) -> None:
        super().__init__()
        if width < 1 or width % (2 * N_GROUPS):
            raise ValueError(f"width must be a multiple of {2 * N_GROUPS}, not {width}")
        if not max_time > 0:
            raise ValueError(f"max_time must be positive, not {max_time}")
        self.n_channels, self.n_classes, self.max_time = n_channels, n_classes, max_time
        self.width = width
        fine, middle, coarse = width, 2 * width, 4 * width
        self.embed_time = mlp([2 * width, coarse, coarse], nn.SiLU)
        self.embed_class = None if n_classes is None else nn.Embedding(n_classes + 1, coarse)
        self.first = nn.Conv2d(n_channels, fine, 3, padding=1)
        self.down_1 = ResidualBlock(fine, fine, coarse)
        self.downsample_1 = nn.Conv2d(fine, fine, 3, stride=2, padding=1)
        self.down_2 = ResidualBlock(fine, middle, coarse)
        self.downsample_2 = nn.Conv2d(middle, middle, 3, stride=2, padding=1)
        self.bottom = ResidualBlock(middle, coarse, coarse)
        self.upsample_2 = _upsample(coarse, middle)
        self.up_2 = ResidualBlock(2 * middle, middle, coarse)
        self.upsample_1 = _upsample(middle, fine)
        self.up_1 = ResidualBlock(2 * fine, fine, coarse)
        self.to_image = nn.Sequential(
            nn.GroupNorm(N_GROUPS, fine), nn.SiLU(), nn.Conv2d(fine, n_channels, 3, padding=1)
        )

    def forward(self, x: Tensor, t: Tensor, labels: Tensor | None = None) -> Tensor:
        """x: (B, n_channels, H, W), H and W divisible by 4; t: (B,), or 0-d for all, int or float in 0..max_time; labels: (B,) int64.

        Returns (B, n_channels, H, W), of any range. Without labels a network with classes takes the null class.
        Raises ValueError for other shapes, and for labels that a network without classes is given.
        """
        self._check(x, t, labels)
        emb = self._embedding(x, t, labels)
        skip_1 = self.down_1(self.first(x), emb)
        skip_2 = self.down_2(self.downsample_1(skip_1), emb)
        h = self.bottom(self.downsample_2(skip_2), emb)
        h = self.up_2(torch.cat([self.upsample_2(h), skip_2], dim=1), emb)
        h = self.up_1(torch.cat([self.upsample_1(h), skip_1], dim=1), emb)
        return self.to_image(h)

    def _embedding(self, x: Tensor, t: Tensor, labels: Tensor | None) -> Tensor:
        """(B, 4 width): what the blocks are told about time and class."""
        times = t.to(x.dtype).expand(len(x)) * (1000.0 / self.max_time)
        emb = self.embed_time(time_embedding(times, 2 * self.width))
        if self.embed_class is None:
            return emb
        if labels is None:
            null_class = self.embed_class.num_embeddings - 1
            labels = torch.full((len(x),), null_class, device=x.device)
        return emb + self.embed_class(labels)

    def _check(self, x: Tensor, t: Tensor, labels: Tensor | None) -> None:
        if x.ndim != 4 or x.shape[1] != self.n_channels or x.shape[2] % 4 or x.shape[3] % 4:
            raise ValueError(
                f"x must be (B, {self.n_channels}, H, W), H and W divisible by 4, not {tuple(x.shape)}"
            )
        if t.shape not in ((), (len(x),)):
            raise ValueError(f"t must be ({len(x)},) or 0-d, not {tuple(t.shape)}")
        if labels is not None and self.n_classes is None:
            raise ValueError("this U-Net has no classes: make it with n_classes to give it labels")
        if labels is not None and labels.shape != (len(x),):
            raise ValueError(f"labels must be ({len(x)},), not {tuple(labels.shape)}")


class ResidualBlock(nn.Module):
    """x + f(x), f two 3x3 convolutions after group norm and SiLU; the embedding scales and shifts the second norm (Dhariwal and Nichol 2021).

    (B, n_in, H, W) and an embedding (B, n_emb) -> (B, n_out, H, W).
    """

    def __init__(self, n_in: int, n_out: int, n_emb: int) -> None:
        super().__init__()
        self.enter = nn.Sequential(
            nn.GroupNorm(N_GROUPS, n_in), nn.SiLU(), nn.Conv2d(n_in, n_out, 3, padding=1)
        )
        self.norm = nn.GroupNorm(N_GROUPS, n_out)
        self.scale_and_shift = nn.Sequential(nn.SiLU(), nn.Linear(n_emb, 2 * n_out))
        self.leave = nn.Sequential(nn.SiLU(), nn.Conv2d(n_out, n_out, 3, padding=1))
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x: Tensor, emb: Tensor) -> Tensor:
        scale, shift = self.scale_and_shift(emb)[:, :, None, None].chunk(2, dim=1)
        h = self.norm(self.enter(x)) * (1.0 + scale) + shift
        return self.shortcut(x) + self.leave(h)


def time_embedding(t: Tensor, n: int) -> Tensor:
    """[sin(w_i t), cos(w_i t)] for n/2 frequencies w_i from 1 down to 1/10,000 (Vaswani et al. 2017): (B,) -> (B, n), n even."""
    rates = torch.arange(n // 2, device=t.device, dtype=t.dtype) / (n // 2)
    angles = t[:, None] * torch.exp(-math.log(10_000.0) * rates)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def _upsample(n_in: int, n_out: int) -> nn.Sequential:
    """1x1 convolution, where it is cheap, then nearest upsampling: (B, n_in, H, W) -> (B, n_out, 2H, 2W)."""
    return nn.Sequential(nn.Conv2d(n_in, n_out, 1), nn.Upsample(scale_factor=2.0))
