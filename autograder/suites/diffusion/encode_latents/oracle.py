"""Oracle: scaled latents, from torch's normal distribution."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Normal, TransformedDistribution
from torch.distributions.transforms import AffineTransform


def encode_latents(
    encoder: Callable[[Tensor], tuple[Tensor, Tensor]],
    x: Tensor,
    eps: Tensor,
    scale: float | Tensor,
) -> Tensor:
    """The point of q(z | x) with the quantile of eps, times the scale."""
    mu, logvar = encoder(x)
    q = TransformedDistribution(Normal(0 * mu, 1.0), AffineTransform(mu, logvar.exp() ** 0.5))
    return q.transforms[0](eps) * scale
