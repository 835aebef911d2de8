"""Oracle: adaptive instance normalisation."""

from __future__ import annotations

from torch import Tensor


def adain(x: Tensor, scale: Tensor, bias: Tensor, eps: float = 1e-5) -> Tensor:
    """One affine map a x + c for each map: a = s / sqrt(var + eps), c = b - a mean; the variance
    from pairs of pixels. As x.
    """
    pixels = x.double().flatten(2)
    pairs = pixels.unsqueeze(2) - pixels.unsqueeze(3)
    variance = pairs.square().mean((2, 3)) / 2  # for two independent pixels, E(u - v)^2 = 2 var
    slope = scale.double() / (variance + eps).sqrt()
    offset = bias.double() - slope * pixels.mean(2)
    return (slope.unsqueeze(2) * pixels + offset.unsqueeze(2)).reshape(x.shape).to(x.dtype)
