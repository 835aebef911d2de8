"""Oracle: one step of the generator."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.suites.gan.player_steps import take_step


def generator_step(
    generator: Any, discriminator: Any, optimizer: Any, z: Tensor, loss: Any
) -> Tensor:
    """One optimizer step on loss(D(G(z))), with gradients for what the optimizer holds only. The
    loss before it, detached.
    """
    return take_step(optimizer, loss(discriminator(generator(z))))
