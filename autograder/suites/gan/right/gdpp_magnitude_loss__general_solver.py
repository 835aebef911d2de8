"""A solver for general matrices, real parts sorted."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    with torch.no_grad():
        real = torch.sort(torch.linalg.eigvals(kernel_real).real)[0]
    fake = torch.sort(torch.linalg.eigvals(kernel_fake).real)[0]
    return torch.abs(real - fake).sum()
