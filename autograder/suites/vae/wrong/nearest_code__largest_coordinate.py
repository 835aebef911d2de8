"""Measures the largest difference of coordinates."""

import math

import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook, p=math.inf).argmin(1)
