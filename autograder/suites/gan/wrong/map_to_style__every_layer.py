"""Scales to mean square one between the layers as well."""

import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if i > 0:
            h = h / torch.sqrt(h.pow(2).mean(dim=1, keepdim=True) + 1e-8)
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h
