"""Takes the eigenvalues of the difference of the kernels."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return torch.linalg.eigvalsh(kernel_real.detach() - kernel_fake).abs().sum()
