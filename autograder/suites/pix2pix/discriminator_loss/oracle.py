"""Oracle: the discriminator's loss, averaged over real and fake."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.gan.player_losses import log_one_plus_exp


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """The mean of two means, each a sum over log(1 + e^l) over its own count. Scalar, nats."""
    real = log_one_plus_exp(-real_logits).sum() / (2 * real_logits.numel())
    fake = log_one_plus_exp(fake_logits).sum() / (2 * fake_logits.numel())
    return (real + fake).to(real_logits.dtype)
