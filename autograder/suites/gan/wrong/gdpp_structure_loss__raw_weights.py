"""Divides the eigenvalues by the largest, without taking the smallest off."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    return -(values / values.max() * (real * fake).sum(dim=0).abs()).sum()
