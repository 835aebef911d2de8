"""Uses the mean style for the whole batch."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style.mean(dim=0)[:, None, None]
    kernels = modulated * torch.rsqrt(modulated.pow(2).sum(dim=(1, 2, 3), keepdim=True) + eps)
    return kernels.expand(len(style), *kernels.shape)
