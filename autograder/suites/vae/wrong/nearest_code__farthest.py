"""Takes the farthest code."""

import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmax(1)
