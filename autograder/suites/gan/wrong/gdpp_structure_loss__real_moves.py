"""Lets the gradient flow into the real kernel too."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real)
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()
