"""Oracle: the generator's loss in a Wasserstein GAN."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.gan.critics import average


def wgan_generator_loss(fake_scores: Tensor) -> Tensor:
    """-mean of the scores. Scores of any shape. Scalar."""
    return -average(fake_scores)
