"""Takes mean and variance over the channels as well, as layer normalisation does."""

import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    variance = x.var(dim=(1, 2, 3), correction=0, keepdim=True)
    return scale[:, :, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[:, :, None, None]
