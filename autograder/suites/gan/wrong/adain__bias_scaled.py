"""Adds the bias before the scale is applied."""

import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean) / torch.sqrt(variance + eps)
    return scale[:, :, None, None] * (normalised + bias[:, :, None, None])
