"""Scales the shifted eigenvalues to sum to one, times 5/4."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values - values.min()).sum()
    return -1.25 * (weights * (real * fake).sum(dim=0).abs()).sum()
