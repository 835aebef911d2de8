"""Pairs every real eigenvector with the fake one that fits best."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real.T @ fake).abs().max(dim=1).values).sum()
