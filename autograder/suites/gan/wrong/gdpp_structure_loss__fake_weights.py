"""Weighs by the fake eigenvalues."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    _, real = torch.linalg.eigh(kernel_real.detach())
    values, fake = torch.linalg.eigh(kernel_fake)
    weights = ((values - values.min()) / (values.max() - values.min())).detach()
    return -(weights * (real * fake).sum(dim=0).abs()).sum()
