"""Oracle: the discriminator's cross-entropy."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.gan.player_losses import log_one_plus_exp


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Both means as sums over log(1 + e^l), divided by their own counts. Any shapes.
    Scalar, nats.
    """
    real = log_one_plus_exp(-real_logits).sum() / real_logits.numel()
    fake = log_one_plus_exp(fake_logits).sum() / fake_logits.numel()
    return (real + fake).to(real_logits.dtype)
