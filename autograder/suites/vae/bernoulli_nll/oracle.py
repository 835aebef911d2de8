"""Oracle: bernoulli likelihood from logits."""

from __future__ import annotations

import torch
from torch import Tensor


def bernoulli_nll(x: Tensor, logits: Tensor) -> Tensor:
    """-log p(x) with log(1 - p) = -log(1 + e^l) and log p = l - log(1 + e^l), by logaddexp. x,
    logits: (B, ...). Scalar, nats.
    """
    white, wide = x.double(), logits.double()
    log_partition = torch.logaddexp(torch.zeros_like(wide), wide)
    return ((log_partition - white * wide).sum() / len(x)).to(x.dtype)
