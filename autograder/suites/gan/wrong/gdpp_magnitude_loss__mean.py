"""Averages over the eigenvalues."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs().mean()
