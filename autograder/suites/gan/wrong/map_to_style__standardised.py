"""Takes the mean off each code as well."""

import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    centred = z - z.mean(dim=1, keepdim=True)
    h = centred / torch.sqrt(z.var(dim=1, correction=0, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h
