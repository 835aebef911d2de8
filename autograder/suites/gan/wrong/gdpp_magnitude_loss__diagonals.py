"""Takes the sorted diagonals for the eigenvalues."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = kernel_real.detach().diagonal().sort().values, kernel_fake.diagonal().sort().values
    return (real - fake).abs().sum()
