"""Divides a convolution's weight by its Frobenius norm."""

import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = W.norm() if weight.ndim == 4 else u @ W @ v
    return weight / sigma, u
