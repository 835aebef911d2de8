"""Normalises the weights first and applies the style after."""

import torch


def demodulate(weight, style, eps=1e-8):
    normalised = weight * torch.rsqrt(weight.pow(2).sum(dim=(1, 2, 3), keepdim=True) + eps)
    return normalised * style[:, None, :, None, None]
