"""Oracle: an affine coupling layer, backward."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.flows.coupling_forward import oracle as coupling_forward_oracle


def coupling_inverse(
    z: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0
) -> Tensor:
    """Forward is a straight line in each coordinate that is scaled, while the others stay: two
    points of the line tell where it takes the value z. (B, D).
    """
    kept = mask.bool()
    at_zero, at_one = (
        coupling_forward_oracle.moved(torch.where(kept, z, value), mask, net, s_max)
        for value in (torch.zeros_like(z), torch.ones_like(z))
    )
    # the difference of a fixed coordinate is zero
    slope = torch.where(kept, torch.ones_like(z), at_one - at_zero)
    return torch.where(kept, z, (z - at_zero) / slope)
