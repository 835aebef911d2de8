"""Takes the Euclidean norm of all differences together."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return torch.linalg.vector_norm(real - fake)
