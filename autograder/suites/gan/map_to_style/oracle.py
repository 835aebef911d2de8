"""Oracle: the mapping network."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor


def map_to_style(z: Tensor, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> Tensor:
    """The mapping network code by code, LeakyReLU as (0.6 + 0.4 sign(h)) h. z: (B, K). (B, out)."""
    styles = []
    for code in z.double():
        h = code * math.sqrt(len(code)) / (code @ code + len(code) * 1e-8).sqrt()
        for weight, bias in zip(weights, biases, strict=True):
            h = torch.mv(weight.double(), h) + bias.double()
            h = (0.6 + 0.4 * h.detach().sign()) * h
        styles.append(h)
    return torch.stack(styles).to(z.dtype)
