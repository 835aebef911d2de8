"""Counts the divisor as a constant in the gradient."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.detach().pow(2).sum(dim=(2, 3, 4), keepdim=True)
    return modulated * torch.rsqrt(energy + eps)
