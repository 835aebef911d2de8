"""Oracle: the planar layer."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.flows.plane_flows import jacobian_log_det


def planar_flow(x: Tensor, w: Tensor, u_hat: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """z by matrices, one row for each sample, and the log-determinant of its Jacobian, a matrix
    that autograd fills and `slogdet` decomposes. (B, D) and (B,).
    """
    wide = [each.double() for each in (x, w, u_hat, b)]

    def move(x: Tensor, w: Tensor, u_hat: Tensor, b: Tensor) -> Tensor:
        return x + torch.outer((x * w).sum(1).add(b).tanh(), u_hat)

    graph = any(each.requires_grad for each in (x, w, u_hat, b))
    log_det = jacobian_log_det(lambda at: move(at, *wide[1:]), wide[0])
    log_det = log_det if graph else log_det.detach()
    return move(*wide).to(x.dtype), log_det.to(x.dtype)
