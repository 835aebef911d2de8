"""Oracle: an affine coupling layer, forward."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.suites.flows.plane_flows import jacobian_log_det


def moved(x: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0) -> Tensor:
    """z, one coordinate after the other. (B, D)."""
    n_coordinates = x.shape[1]
    stays = [bool(flag) for flag in mask]
    seen = torch.stack(
        [x[:, d] if stays[d] else torch.zeros_like(x[:, d]) for d in range(n_coordinates)], dim=1
    )
    out = net(seen)
    columns = []
    for d in range(n_coordinates):
        if stays[d]:
            columns.append(x[:, d])
        else:
            s = s_max * torch.tanh(out[:, d] / s_max)
            columns.append(x[:, d] * s.exp() + out[:, n_coordinates + d])
    return torch.stack(columns, dim=1)


def coupling_forward(
    x: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0
) -> tuple[Tensor, Tensor]:
    """z, and the log-determinant of its Jacobian, a matrix that autograd fills. (B, D) and (B,)."""
    z = moved(x, mask, net, s_max)
    log_det = jacobian_log_det(lambda at: moved(at, mask, net, s_max), x)
    return z, log_det
