"""Oracle: one step of the discriminator on pairs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.suites.gan.player_steps import take_step


def discriminator_step(
    generator: Any, discriminator: Any, optimizer: Any, x: Tensor, y: Tensor, loss: Any
) -> Tensor:
    """One optimizer step on loss(D(x, y), D(x, G(x))), the fakes made without a graph. The loss
    before it, detached.
    """
    with torch.no_grad():
        fake = generator(x)
    return take_step(optimizer, loss(discriminator(x, y), discriminator(x, fake)))
