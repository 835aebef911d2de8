"""Oracle: one step of both maps."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.suites.gan.player_steps import take_step


def cycle_generator_step(
    G: Any,
    F: Any,
    D_A: Any,
    D_B: Any,
    optimizer: Any,
    a: Tensor,
    b: Tensor,
    loss: Any,
    identity: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients by autograd.grad, for what the optimizer holds only. The loss and the translations
    before the step, detached.
    """
    fake_b = G(a)
    fake_a = F(b)
    round_a = F(fake_b)
    round_b = G(fake_a)
    same: tuple[Any, Any] = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, round_a, round_b, *same)
    before = torch.clone(fake_a.detach()), torch.clone(fake_b.detach())
    return (take_step(optimizer, value), *before)
