"""Averages the squares for their sum."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).mean(dim=(2, 3, 4), keepdim=True) + eps)
