"""Oracle: the inverse of a masked autoregressive flow."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def maf_sample(conditioner: Callable[[Tensor], Tensor], z: Tensor, order: Tensor) -> Tensor:
    """A list of components, filled in the order. (Its gradients are checked against those of the
    implicit function: `beyond_flows.implicit_sample`.)
    """
    wide = z.double()
    n = wide.shape[1]
    known = {int(i): torch.zeros_like(wide[:, 0]) for i in order}
    for i in order.tolist():
        parameters = conditioner(torch.stack([known[j] for j in range(n)], 1))
        known[i] = parameters[:, i] + parameters[:, n + i].exp() * wide[:, i]
    return torch.stack([known[j] for j in range(n)], 1).to(z.dtype)
