"""Oracle: the value of the conditional game."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.pix2pix.games import times_log


def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    """A game for each source, averaged over the sources that occur. Scalar, nats."""
    total = p_x.double().sum() * 0
    for chance, real, fake, answer in zip(p_x, p_data, p_g, d, strict=True):
        if chance > 0:
            game = times_log(real, answer).sum() + times_log(fake, 1 - answer).sum()
            total = total + chance * game
    return total.to(d.dtype)
