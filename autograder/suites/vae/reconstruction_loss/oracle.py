"""Oracle: reconstruction loss of an auto-encoder."""

from __future__ import annotations

from torch import Tensor


def reconstruction_loss(x: Tensor, x_hat: Tensor) -> Tensor:
    """Mean over the batch of ||x_i - x_hat_i||^2, as inner products image by image. x, x_hat: (B,
    ...). Scalar.
    """
    differences = (x.double() - x_hat.double()).flatten(1)
    return (sum(d @ d for d in differences) / len(differences)).to(x.dtype)
