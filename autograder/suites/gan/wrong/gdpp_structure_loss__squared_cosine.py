"""Squares the cosine for its absolute value."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).pow(2)).sum()
