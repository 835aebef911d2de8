"""Oracle: a stack of layers, forward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def compose_flows(layers: Sequence[Any], x: Tensor) -> tuple[Tensor, Tensor]:
    """By recursion: the first layer, then the stack of the others. (z, log_det)."""
    if not len(layers):
        return x.clone(), torch.zeros(len(x), dtype=x.dtype, device=x.device)
    h, first = layers[0].forward(x)
    z, others = compose_flows(list(layers)[1:], h)
    return z, first + others
