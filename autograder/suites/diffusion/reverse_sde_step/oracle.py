"""Oracle: a step of the reverse SDE."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def reverse_sde_step(x: Tensor, score: Tensor, beta_t: Tensor, dt: float, noise: Tensor) -> Tensor:
    """Sample by sample: minus dt times f - g^2 score, plus g times the root of dt."""
    rows = []
    for i, beta in enumerate(beta_t.tolist()):
        backwards = -beta / 2 * x[i] - beta * score[i]
        rows.append(x[i] - float(dt) * backwards + math.sqrt(beta) * math.sqrt(dt) * noise[i])
    return torch.stack(rows)
