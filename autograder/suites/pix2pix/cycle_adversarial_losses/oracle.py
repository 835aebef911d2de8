"""Oracle: the adversarial losses of both maps."""

from __future__ import annotations

from torch import Tensor

from autograder.suites.pix2pix.two_domains import Map


def cycle_adversarial_losses(
    D_A: Map, D_B: Map, fake_a: Tensor, fake_b: Tensor
) -> tuple[Tensor, Tensor]:
    """The squares multiplied out, E[o^2] - 2 E[o] + 1. Two scalars."""

    def from_one(outputs: Tensor) -> Tensor:
        flat = outputs.flatten()
        return flat @ flat / flat.numel() - 2 * flat.sum() / flat.numel() + 1

    return from_one(D_B(fake_b)), from_one(D_A(fake_a))
