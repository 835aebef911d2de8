"""Each eigenvalue as v^T K v with its eigenvector held fixed."""

import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    target = torch.linalg.eigvalsh(kernel_real).detach()
    with torch.no_grad():
        _, vectors = torch.linalg.eigh(kernel_fake)
    loss = 0
    for i in range(len(target)):
        v = vectors[:, i]
        loss = loss + (target[i] - v @ kernel_fake @ v).abs()
    return loss
