"""Counts all eigenvectors alike, scaled to the sum of the weights."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights.mean() * (real * fake).sum(dim=0).abs()).sum()
