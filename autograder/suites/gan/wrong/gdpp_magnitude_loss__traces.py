"""Takes the difference of the sums for the sum of the differences."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real.sum() - fake.sum()).abs()
