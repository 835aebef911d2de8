"""Charges only for eigenvalues that are too small, and doubles that."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return torch.relu(real - fake).sum()
