"""Modulates by one plus the style."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * (1 + style)[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)
