"""Takes the eigenvalues as a general solver returns them."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvals(kernel_real.detach()).real, torch.linalg.eigvals(kernel_fake).real
    return (real - fake).abs().sum()
