"""Largest first by a singular value decomposition, one eigenvector at a time."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    target = kernel_real.detach()
    V, values, _ = torch.linalg.svd((target + target.T) / 2)
    U, _, _ = torch.linalg.svd((kernel_fake + kernel_fake.T) / 2)
    low, high = values[-1], values[0]
    total = torch.zeros((), dtype=kernel_fake.dtype, device=kernel_fake.device)
    for i in range(len(values)):
        total = total - (values[i] - low) / (high - low) * torch.abs(torch.dot(V[:, i], U[:, i]))
    return total
