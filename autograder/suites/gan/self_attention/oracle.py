"""Oracle: self-attention."""

from __future__ import annotations

import torch
from torch import Tensor


def self_attention(
    x: Tensor, query: Tensor, key: Tensor, value: Tensor, output: Tensor, gamma: Tensor
) -> Tensor:
    """SAGAN attention, image by image and position by position. x: (B, C, H, W). As x."""
    W_q, W_k, W_v, W_o = (matrix.double() for matrix in (query, key, value, output))
    images = []
    for image in x.double():
        positions = image.flatten(1)  # (C, N)
        seen = []
        for asks in positions.T:
            scores = (W_k.T @ (W_q @ asks)) @ positions
            shares = (scores - torch.logsumexp(scores, 0)).exp()
            seen.append(
                asks + gamma * (W_o @ (W_v @ (positions @ shares)))
            )  # W_v is linear: it may come after the mean
        images.append(torch.stack(seen, 1).reshape(image.shape))
    return torch.stack(images).to(x.dtype)
