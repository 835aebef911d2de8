"""Uses the library's slope of 0.01 after every layer but the last."""

import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2 if i + 1 == len(weights) else 0.01)
    return h
