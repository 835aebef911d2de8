"""Oracle: a stack of layers, backward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor


def invert_flows(layers: Sequence[Any], z: Tensor) -> Tensor:
    """By recursion: undo the others, then the first layer."""
    if not len(layers):
        return z.clone()
    return layers[0].inverse(invert_flows(list(layers)[1:], z))
