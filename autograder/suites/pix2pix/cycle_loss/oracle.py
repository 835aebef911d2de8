"""Oracle: the cycle losses of both domains."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.pix2pix.two_domains import Map


def cycle_loss(G: Map, F: Map, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Mean absolute differences as the sum of positive and negative parts. Two scalars."""

    def apart(x: Tensor, y: Tensor) -> Tensor:
        difference = (x - y).flatten()
        return torch.linalg.vector_norm(difference, 1) / difference.numel()

    return apart(F(G(a)), a), apart(G(F(b)), b)
