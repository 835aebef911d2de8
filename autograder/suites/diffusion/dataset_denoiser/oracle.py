"""Oracle: the exact denoiser of a data set."""

from __future__ import annotations

import torch
from torch import Tensor


def dataset_denoiser(x_t: Tensor, alpha_bar_t: Tensor, data: Tensor) -> Tensor:
    """Sample by sample, from the differences to all points."""
    rows = []
    for x, share in zip(x_t, alpha_bar_t, strict=True):
        square = (x - share.sqrt() * data).flatten(1).square().sum(1)
        # the probabilities one over sums of ratios, each of which is exact
        ratios = (square[:, None] - square) / (2 * (1 - share))
        weights = 1 / ratios.exp().sum(1)
        rows.append(torch.tensordot(weights, data, 1))
    return torch.stack(rows)
