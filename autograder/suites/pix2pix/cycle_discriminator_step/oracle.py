"""Oracle: one step of a discriminator."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.suites.gan.player_steps import take_step


def cycle_discriminator_step(D: Any, optimizer: Any, real: Tensor, fake: Tensor) -> Tensor:
    """The squares multiplied out; gradients by autograd.grad. The loss before it, detached."""
    on_real, on_fake = D(real.detach()).flatten(), D(fake.detach()).flatten()
    wanted = on_real @ on_real / len(on_real) - 2 * on_real.mean() + 1
    return take_step(optimizer, (wanted + on_fake @ on_fake / len(on_fake)) / 2)
