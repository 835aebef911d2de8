"""Oracle: an affine coupling layer, backward."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from autograder.suites.flows.coupling_forward import oracle as coupling_forward_oracle


def coupling_inverse(
    z: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0
) -> Tensor:
    """Forward, each coordinate moves along a straight line while those that stay are fixed. Where
    does it take the value z? (B, D).
    """
    height, slope = coupling_forward_oracle.line(z, mask, net, s_max)
    return (z - height) / slope
