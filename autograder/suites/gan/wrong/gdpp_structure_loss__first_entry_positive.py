"""Fixes signs by making the first entry of every eigenvector positive."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    real, fake = (vectors * torch.where(vectors[0] < 0, -1.0, 1.0) for vectors in (real, fake))
    return -(weights * (real * fake).sum(dim=0)).sum()
