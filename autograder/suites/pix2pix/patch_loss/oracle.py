"""Oracle: the cross-entropy of a map."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.gan.player_losses import log_one_plus_exp


def patch_loss(logits: Tensor, real: bool) -> Tensor:
    """Sum over log(1 + e^l), divided by the count, in float64. Scalar, nats."""
    signed = -logits if real else logits
    return (log_one_plus_exp(signed).sum() / logits.numel()).to(logits.dtype)
