"""Oracle: one step of the generator on pairs."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.suites.gan.player_steps import take_step


def generator_step(
    generator: Any, discriminator: Any, optimizer: Any, x: Tensor, y: Tensor, loss: Any
) -> tuple[Tensor, ...]:
    """One optimizer step on the first part of loss(D(x, G(x)), G(x), y). All parts before it,
    detached.
    """
    y_hat = generator(x)
    parts = loss(discriminator(x, y_hat) if discriminator is not None else None, y_hat, y)
    take_step(optimizer, parts[0])
    return tuple(part.detach() for part in parts)
