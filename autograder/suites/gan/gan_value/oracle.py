"""Oracle: the value of the game."""

from __future__ import annotations

import torch
from torch import Tensor


def gan_value(p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    """The expectation of log d or log(1 - d) over the points that occur. (N,) each. Scalar,
    nats.
    """
    wide = d.double()
    return (_losses_mean_log(p_data.double(), wide) + _losses_mean_log(p_g.double(), 1 - wide)).to(
        d.dtype
    )


def _losses_mean_log(p: Tensor, value: Tensor) -> Tensor:
    """sum p log(value) over the points where p is not zero."""
    never = p == 0
    return torch.where(never, 0.0, p * torch.where(never, 1.0, value).log()).sum()
