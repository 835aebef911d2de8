"""Oracle: the Jensen-Shannon divergence."""

from __future__ import annotations

import torch
from torch import Tensor


def jensen_shannon(p: Tensor, q: Tensor) -> Tensor:
    """The entropy of the mixture less the mean of the two entropies. (N,) each. Scalar, nats."""
    first, second = p.double(), q.double()
    entropy = torch.special.entr
    return (
        (entropy((first + second) / 2) - (entropy(first) + entropy(second)) / 2).sum().to(p.dtype)
    )
