"""Oracle: free bits."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.vae.shared import coordinate_kl


def free_bits(mu: Tensor, logvar: Tensor, floor: float) -> Tensor:
    """sum_d max(floor, batch mean of the KL of latent d), latent by latent. mu, logvar: (B, D).
    Scalar, nats.
    """
    columns = coordinate_kl(mu, logvar).T
    return (
        torch.stack(
            [
                torch.maximum(column.mean(), torch.full_like(column.mean(), floor))
                for column in columns
            ]
        )
        .sum()
        .to(mu.dtype)
    )
