"""Normalises the kernel of every input channel by itself."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(3, 4), keepdim=True) + eps) / weight.shape[1] ** 0.5
