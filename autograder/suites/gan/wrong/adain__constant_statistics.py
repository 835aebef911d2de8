"""Counts mean and variance as constants in the gradient."""

import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean.detach()) / torch.sqrt(variance.detach() + eps)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]
