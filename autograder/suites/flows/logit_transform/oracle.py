"""Oracle: the logit transform."""

from __future__ import annotations

import torch
from torch import Tensor


def logit_transform(y: Tensor, alpha: float = 0.05) -> tuple[Tensor, Tensor]:
    """The logit as twice the inverse hyperbolic tangent of 2 p - 1 = (1 - 2 alpha)(2 y - 1), with
    the slope 2 (1 - 2 alpha) * 2 / (1 - (2 p - 1)^2) / 2. As y, and (B,).

    In float64, in which alpha = 1e-6 leaves ten digits.
    """
    t = (1 - 2 * alpha) * (2 * y.double() - 1)
    x = 2 * torch.atanh(t)
    slope = 4 * (1 - 2 * alpha) / ((1 - t) * (1 + t))
    log_det = torch.stack([sample.log().sum() for sample in slope])
    return x.to(y.dtype), log_det.to(y.dtype)
