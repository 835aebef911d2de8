"""Oracle: from an image to its noise."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor


def ddim_encode(
    network: Callable[..., Tensor], x_0: Tensor, steps: Tensor, alpha_bar: Tensor
) -> Tensor:
    """In the variables x / sqrt(alpha_bar) and sigma = sqrt(1 / alpha_bar - 1), where eps is the
    slope: each step looks at the start of its interval.
    """
    scaled, sigma, signal = x_0, 0.0, 1.0
    for step in reversed(steps.tolist()):
        t = torch.full((len(x_0),), step, dtype=torch.int64, device=x_0.device)
        slope = network(signal * scaled, t)
        share = float(alpha_bar[step])
        further = math.sqrt(1 / share - 1)
        scaled = scaled + (further - sigma) * slope
        sigma, signal = further, math.sqrt(share)
    return signal * scaled
