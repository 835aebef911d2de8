"""Divides by the sum of squares without the root."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated / (modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)
