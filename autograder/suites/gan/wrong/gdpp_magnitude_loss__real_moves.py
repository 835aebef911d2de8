"""Lets the gradient flow into the real kernel too."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return (torch.linalg.eigvalsh(kernel_real) - torch.linalg.eigvalsh(kernel_fake)).abs().sum()
