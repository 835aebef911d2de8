"""Oracle: the best discriminator, with and without the source."""

from __future__ import annotations

import torch
from torch import Tensor


def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    """1 / (1 + fake / real) entry by entry, of the joint distribution or of its sums over x."""
    real = torch.einsum("n,nm->nm", p_x, p_data)
    fake = torch.einsum("n,nm->nm", p_x, p_g)
    if not sees_x:
        real, fake = real.sum(0).repeat(len(p_x), 1), fake.sum(0).repeat(len(p_x), 1)
    occurs = real > 0
    ratio = fake / torch.where(occurs, real, 1.0)
    alone = torch.where(fake > 0, torch.zeros_like(real), torch.full_like(real, 0.5))
    return torch.where(occurs, 1 / (1 + ratio), alone)
