"""Oracle: the generator's non-saturating loss."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.gan.player_losses import log_one_plus_exp


def generator_loss_nonsaturating(fake_logits: Tensor) -> Tensor:
    """-log D = log(1 + e^-l), by logaddexp. Any shape. Scalar, nats."""
    return (log_one_plus_exp(-fake_logits).sum() / fake_logits.numel()).to(fake_logits.dtype)
