"""Oracle: the monotone rational-quadratic spline."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.flows.beyond_flows import needs_gradients, slope_at, splines


def spline_forward(
    x: Tensor,
    widths: Tensor,
    heights: Tensor,
    derivatives: Tensor,
    bound: float = 3.0,
    min_size: float = 1e-3,
    min_derivative: float = 1e-3,
) -> tuple[Tensor, Tensor]:
    """Number by number in float64, in the form of Gregory and Delbourgo; the derivative by autograd
    of the value.
    """
    numbers = x.double().flatten()
    functions = splines(x.shape, widths, heights, derivatives, bound, min_size, min_derivative)
    pairs = list(zip(functions, numbers, strict=True))
    y = torch.stack([function(number) for function, number in pairs])
    log_det = torch.stack([slope_at(function, number).log() for function, number in pairs])
    results = [each.reshape(x.shape).to(x.dtype) for each in (y, log_det)]
    if not needs_gradients(x, widths, heights, derivatives):
        results = [each.detach() for each in results]
    return results[0], results[1]
