"""Oracle: the critic's loss."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.gan.critics import average


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """-(mean of real - mean of fake), as inner products with uniform weights. Scores of any shape.
    Scalar.
    """
    return -(average(real_scores) - average(fake_scores))
