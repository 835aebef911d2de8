"""Divides by the norm over the output channels as well, as if there was one."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.pow(2).sum(dim=(1, 2, 3, 4), keepdim=True) / weight.shape[0]
    return modulated * torch.rsqrt(energy + eps)
