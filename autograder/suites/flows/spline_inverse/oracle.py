"""Oracle: the inverse of the monotone rational-quadratic spline."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.flows.beyond_flows import slope_at, splines


def spline_inverse(
    y: Tensor,
    widths: Tensor,
    heights: Tensor,
    derivatives: Tensor,
    bound: float = 3.0,
    min_size: float = 1e-3,
    min_derivative: float = 1e-3,
) -> Tensor:
    """By bisection in float64. The gradient is that of one step of Newton's method from the root:
    (dy - df) / f', with f' held constant.
    """
    functions = splines(y.shape, widths, heights, derivatives, bound, min_size, min_derivative)
    found = []
    for function, number in zip(functions, y.double().flatten(), strict=True):
        root = torch.full_like(number.detach(), function.solve(float(number.detach())))
        off = number - function(root)
        found.append(root + off / slope_at(function, root).detach())
    return torch.stack(found).reshape(y.shape).to(y.dtype)
