"""Oracle: classifier-free guidance."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def guided_eps(
    network: Callable[..., Tensor],
    x_t: Tensor,
    t: Tensor,
    labels: Tensor,
    null_label: int,
    w: float,
) -> Tensor:
    """The line through the estimate without the class (at 0) and with it (at 1)."""
    none = torch.tensor([null_label] * len(labels), dtype=torch.int64, device=labels.device)
    return (1 - w) * network(x_t, t, none) + w * network(x_t, t, labels)
