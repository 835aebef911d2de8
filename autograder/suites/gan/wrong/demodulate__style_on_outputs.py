"""Lets the style scale the output channels where it fits."""

import torch


def demodulate(weight, style, eps=1e-8):
    if weight.shape[0] == weight.shape[1]:
        modulated = weight * style[:, :, None, None, None]
    else:
        modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)
