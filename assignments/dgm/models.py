"""Two generative models of images that later notebooks compare with: a convolutional VAE and a DCGAN pair.

Images are square, 16x16, 28x28 or 64x64, with pixels in [-1, 1]. The networks halve the resolution down to a grid of 4x4 (7x7 for
28x28) and double the channels at each stage, `width` at the finest. All follow the device and dtype of their parameters.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn

from dgm.nets import conv_down, conv_up
from dgm.training import evaluating

N_STAGES = {16: 2, 28: 2, 64: 4}
"""How often the resolution is halved, by the size of the images."""


class Generator(nn.Module):
    """Generator of a DCGAN (Radford et al. 2016), with resizing in place of transposed convolutions (Odena et al. 2016).

    n_latent: size of the code.
    size: 16, 28 or 64, else ValueError.
    n_channels: of the images.
    width: channels before the image layer.

    Maps codes (B, n_latent), standard normal ones in training, to images (B, n_channels, size, size) in [-1, 1].
    """

    def __init__(self, n_latent: int, size: int, n_channels: int, width: int) -> None:
        super().__init__()
        self.n_latent = n_latent
        channels, coarse = _stages(size, width)
        channels.reverse()
        self.body = nn.Sequential(
            nn.Linear(n_latent, channels[0] * coarse**2),
            nn.Unflatten(1, (channels[0], coarse, coarse)),
            nn.BatchNorm2d(channels[0]),
            nn.ReLU(),
            *map(conv_up, channels[:-1], channels[1:]),
            nn.Upsample(scale_factor=2.0),
            nn.Conv2d(width, n_channels, 3, padding=1),
            nn.Tanh(),
        )

    def forward(self, z: Tensor) -> Tensor:
        """Codes (B, n_latent) -> images (B, n_channels, size, size) in [-1, 1]. Raises ValueError for another shape."""
        _check_rows("codes", z, (self.n_latent,))
        return self.body(z)


class Discriminator(nn.Module):
    """Discriminator of a DCGAN (Radford et al. 2016): strided convolutions, batch norm after each but the first, one logit.

    size: 16, 28 or 64, else ValueError.
    n_channels: of the images.
    width: channels of the first stage.
    """

    def __init__(self, size: int, n_channels: int, width: int) -> None:
        super().__init__()
        self.shape = (n_channels, size, size)
        channels, coarse = _stages(size, width)
        self.body = nn.Sequential(
            *_halving(n_channels, channels), nn.Conv2d(channels[-1], 1, coarse), nn.Flatten(0)
        )

    def forward(self, images: Tensor) -> Tensor:
        """Images (B, n_channels, size, size) in [-1, 1] -> logits (B,) of being real. Raises ValueError for another shape."""
        _check_rows("images", images, self.shape)
        return self.body(images)


class ConvVAE(nn.Module):
    """Convolutional variational auto-encoder (Kingma and Welling 2014) with a Gaussian likelihood of fixed width.

    p(z) = N(0, I), q(z | x) = N(mu(x), diag exp(logvar(x))), p(x | z) = N(decode(z), SIGMA^2 I): the decoder ends in tanh and gives the
    mean image in [-1, 1], not logits.

    n_latent: size of the code.
    size: 16, 28 or 64, else ValueError.
    n_channels: of the images.
    width: channels of the finest stage.
    """

    SIGMA = 1.0
    """Standard deviation of the likelihood, in units of the pixels. It is wider than the errors (about 0.25 on digits), which gives the
    KL more weight: samples from the prior are better, and the ELBO is no measure of density."""

    def __init__(self, n_latent: int, size: int, n_channels: int, width: int) -> None:
        super().__init__()
        self.n_latent = n_latent
        self.shape = (n_channels, size, size)
        channels, coarse = _stages(size, width)
        self.encoder = nn.Sequential(
            *_halving(n_channels, channels),
            nn.Flatten(),
            nn.Linear(channels[-1] * coarse**2, 2 * n_latent),
        )
        self.decoder = Generator(n_latent, size, n_channels, width)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Images (B, n_channels, size, size) -> mu and logvar of q(z | x), (B, n_latent) each. Raises ValueError for another shape."""
        _check_rows("images", x, self.shape)
        mu, logvar = self.encoder(x).chunk(2, dim=1)
        return mu, logvar

    def decode(self, z: Tensor) -> Tensor:
        """Codes (B, n_latent) -> mean images (B, n_channels, size, size) in [-1, 1]. Raises ValueError for another shape."""
        return self.decoder(z)

    def forward(self, x: Tensor) -> Tensor:
        """The reconstruction of x from the mean code: decode(mu(x))."""
        return self.decode(self.encode(x)[0])

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """Mean images (n, n_channels, size, size) of n codes from the prior, in evaluation mode and without gradients.

        The codes are drawn on the generator's device: a CPU generator gives the same ones wherever the model is.
        """
        weight = next(self.parameters())
        z = torch.randn(
            n, self.n_latent, generator=generator, device=generator.device, dtype=weight.dtype
        )
        with evaluating(self):
            return self.decode(z.to(weight.device))

    def negative_elbo(self, x: Tensor, eps: Tensor) -> Tensor:
        """-E_q[log p(x | z)] + KL(q(z | x) || p(z)) at z = mu + exp(logvar / 2) eps, in nats per image, averaged over the batch: 0-d.

        x: (B, n_channels, size, size) in [-1, 1]; eps: (B, n_latent), standard normal noise. Raises ValueError for other shapes.
        """
        mu, logvar = self.encode(x)
        if eps.shape != mu.shape:
            raise ValueError(f"eps must be {tuple(mu.shape)}, not {tuple(eps.shape)}")
        x_hat = self.decode(mu + (0.5 * logvar).exp() * eps)
        squares = ((x - x_hat) / self.SIGMA).square() + math.log(2 * math.pi * self.SIGMA**2)
        kl = 0.5 * (mu.square() + logvar.exp() - 1.0 - logvar).sum(1)
        return (0.5 * squares.flatten(1).sum(1) + kl).mean()


def _stages(size: int, width: int) -> tuple[list[int], int]:
    """The channels of each stage, from fine to coarse, and the size of the coarsest grid."""
    if size not in N_STAGES:
        raise ValueError(f"size must be one of {', '.join(map(str, N_STAGES))}, not {size}")
    channels = [width * 2**stage for stage in range(N_STAGES[size])]
    return channels, size // 2 ** len(channels)


def _halving(n_channels: int, channels: list[int]) -> list[nn.Module]:
    """Strided convolutions with leaky ReLU, and batch norm after each but the first (it would hide the contrast of the images)."""
    leaky = partial(nn.LeakyReLU, 0.2)
    first = [nn.Conv2d(n_channels, channels[0], 3, stride=2, padding=1), leaky()]
    return [*first, *(conv_down(n_in, n_out, leaky) for n_in, n_out in pairwise(channels))]


def _check_rows(name: str, tensor: Tensor, shape: tuple[int, ...]) -> None:
    if tensor.shape[1:] != shape:
        raise ValueError(
            f"{name} must be (B, {', '.join(map(str, shape))}), not {tuple(tensor.shape)}"
        )
