"""Matrix products and torch.where."""

import torch


def map_to_style(z, weights, biases):
    w = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
    for A, b in zip(weights, biases, strict=True):
        w = w @ A.T + b
        w = torch.where(w > 0, w, 0.2 * w)
    return w
