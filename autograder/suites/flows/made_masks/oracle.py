"""Oracle: the masks of a MADE."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from autograder.suites.flows.beyond_flows import places


def made_masks(order: Tensor, hidden_degrees: Sequence[Tensor], n_params: int = 2) -> list[Tensor]:
    """Entry by entry, from the sets of components that units may see: unit u may see v if all
    that v may see, u may see too. Sets of the first m places are nested, so this is one rule.
    """
    place = places(order)
    layers = [[set(range(p + 1)) for p in place]]  # what reaches whoever sees the component
    layers += [[set(range(m)) for m in degrees.tolist()] for degrees in hidden_degrees]
    layers.append([set(range(p)) for _ in range(n_params) for p in place])
    return [
        torch.tensor([[float(v <= u) for v in before] for u in units], device=order.device).reshape(
            len(units), len(before)
        )
        for before, units in pairwise(layers)
    ]
