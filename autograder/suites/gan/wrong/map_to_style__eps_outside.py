"""Adds 1e-8 outside of the root."""

import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / (torch.sqrt(z.pow(2).mean(dim=1, keepdim=True)) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h
