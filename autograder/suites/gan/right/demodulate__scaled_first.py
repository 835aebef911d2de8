"""Energies of the kernels first: no modulated weights are squared."""

import torch


def demodulate(weight, style, eps=1e-8):
    energy = weight.pow(2).sum((2, 3)) @ style.pow(2).T  # (out, B)
    sigma = torch.sqrt(energy + eps).T
    return weight[None] * (style[:, None, :] / sigma[:, :, None])[..., None, None]
