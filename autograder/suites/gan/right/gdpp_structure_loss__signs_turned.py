"""Turns every fake eigenvector to the side of its real partner first."""

import torch


def decompose(kernel):
    return torch.linalg.eigh(0.5 * (kernel + kernel.mT))


def gdpp_structure_loss(kernel_real, kernel_fake):
    real, fake = decompose(kernel_real.detach()), decompose(kernel_fake)
    sides = torch.einsum("ki,ki->i", real.eigenvectors, fake.eigenvectors).detach().sign()
    cosines = torch.diagonal(real.eigenvectors.T @ (fake.eigenvectors * sides))
    span = real.eigenvalues.amax() - real.eigenvalues.amin()
    return torch.neg(torch.sum((real.eigenvalues - real.eigenvalues.amin()) / span * cosines))
