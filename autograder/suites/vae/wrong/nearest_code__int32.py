"""Returns 32-bit indices."""

import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmin(1).int()
