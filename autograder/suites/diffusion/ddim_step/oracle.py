"""Oracle: a step of DDIM."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def ddim_step(
    x_t: Tensor,
    eps_hat: Tensor,
    alpha_bar_t: Tensor,
    alpha_bar_s: Tensor,
    eta: float = 0.0,
    noise: Tensor | None = None,
) -> Tensor:
    """Pair of levels by pair of levels: q(x_s | x_t, x_0) by Bayes' rule gives the variance for
    eta = 1; the rest of the noise is what is missing to 1 - alpha_bar_s.
    """
    pairs = list(zip(alpha_bar_t.tolist(), alpha_bar_s.tolist(), strict=True))
    rows: list[Tensor] = [x_t[0]] * len(pairs)
    for a, b in set(pairs):
        at = [i for i, pair in enumerate(pairs) if pair == (a, b)]
        new = 0.0
        if eta > 0 and b < 1 and a < b:
            r = a / b  # x_t = sqrt(r) x_s + sqrt(1 - r) times noise; precisions add up
            new = eta / math.sqrt(1 / (1 - b) + r / (1 - r))
        old = math.sqrt(max(0.0, 1 - b - new**2))
        x_0 = x_t[at] / math.sqrt(a) - math.sqrt(1 / a - 1) * eps_hat[at]
        found = math.sqrt(b) * x_0 + old * eps_hat[at]
        if noise is not None and eta != 0:
            found = found + new * noise[at]
        for i, row in zip(at, found, strict=True):
            rows[i] = row
    return torch.stack(rows)
