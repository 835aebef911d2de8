"""Oracle: the generator's loss and its parts."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.gan.player_losses import log_one_plus_exp


def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Sums divided by counts; the absolute value by its sign, 0 at 0."""
    gap = y_hat - y
    l1 = (gap * gap.detach().sign()).sum() / gap.numel()
    if fake_logits is None:
        return weight * l1, 0 * l1.detach(), l1
    adversarial = (log_one_plus_exp(-fake_logits).sum() / fake_logits.numel()).to(y.dtype)
    return adversarial + weight * l1, adversarial, l1
