"""Oracle: an affine coupling layer, forward."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def moved(x: Tensor, mask: Tensor, out: Tensor, s_max: float = 2.0) -> Tensor:
    """z, one coordinate after the other. (B, D). out: what the network returns for the coordinates
    that stay, (B, 2 D).
    """
    n_coordinates = x.shape[1]
    columns = []
    for d in range(n_coordinates):
        if bool(mask[d]):
            columns.append(x[:, d])
        else:
            s = s_max * torch.tanh(out[:, d] / s_max)
            columns.append(x[:, d] * s.exp() + out[:, n_coordinates + d])
    return torch.stack(columns, dim=1)


def layer(x: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0) -> Tensor:
    """z alone, as a function of x that autograd can differentiate."""
    return moved(x, mask, net(torch.where(mask.bool(), x, torch.zeros_like(x))), s_max)


def line(
    x: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0
) -> tuple[Tensor, Tensor]:
    """Each coordinate moves along a straight line while those that stay are fixed: its height
    where the coordinate is 0, and its slope. (B, D) each; 0 and 1 for those that stay.
    """
    kept = mask.bool()
    zero = torch.zeros_like(x)
    out = net(torch.where(kept, x, zero))
    heights = [moved(zero + at, mask, out, s_max) for at in (0, 1)]
    return heights[0], torch.where(kept, zero + 1, heights[1] - heights[0])


def coupling_forward(
    x: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0
) -> tuple[Tensor, Tensor]:
    """The straight lines at x, and the logarithm of the product of their slopes: the Jacobian is
    triangular. (B, D) and (B,). (The checks compare with autograd's Jacobian as well.)
    """
    height, slope = line(x, mask, net, s_max)
    return height + slope * x, slope.abs().log().sum(1)
