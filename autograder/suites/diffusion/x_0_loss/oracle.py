"""Oracle: the loss on the image."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def x_0_loss(
    x_0_hat: Tensor, x_0: Tensor, t: Tensor, alpha_bar: Tensor, max_weight: float = math.inf
) -> Tensor:
    """Sample by sample: the error of the noise if the weight is not cut, else that of the image."""
    losses = []
    for guess, data, step in zip(x_0_hat, x_0, t.tolist(), strict=True):
        ratio = alpha_bar.double()[step].logit().exp()
        error = (guess - data).double()
        if float(ratio.detach()) <= max_weight:
            losses.append((ratio.sqrt() * error).square().mean())
        else:
            losses.append(max_weight * error.square().mean())
    return (torch.stack(losses).sum() / len(losses)).to(x_0.dtype)
