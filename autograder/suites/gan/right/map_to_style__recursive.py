"""One layer, then the rest by recursion, in a helper."""

import torch
import torch.nn.functional as F


def layers(h, weights, biases):
    if not weights:
        return h
    first = torch.addmm(biases[0], h, weights[0].transpose(0, 1))
    return layers(F.leaky_relu(first, negative_slope=0.2), weights[1:], biases[1:])


def map_to_style(z, weights, biases):
    K = z.shape[1]
    length = torch.sqrt((z * z).sum(dim=1) / K + 1e-8)
    return layers(z / length[:, None], list(weights), list(biases))
