"""Adds eps to the norm: right but for small weights and large eps."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated / (modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True).sqrt() + eps)
