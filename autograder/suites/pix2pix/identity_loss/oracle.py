"""Oracle: the identity losses of both maps."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.pix2pix.two_domains import Map


def identity_loss(G: Map, F: Map, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """L1 norms over numbers of elements. Two scalars, that of G first."""

    def apart(x: Tensor, y: Tensor) -> Tensor:
        difference = (x - y).flatten()
        return torch.linalg.vector_norm(difference, 1) / difference.numel()

    return apart(G(b), b), apart(F(a), a)
