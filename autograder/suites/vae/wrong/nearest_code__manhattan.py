"""Measures the distance coordinate by coordinate (L1)."""

import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook, p=1).argmin(1)
