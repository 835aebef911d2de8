"""Sums the kernel's positions before the iteration instead of flattening them."""

import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=2).sum(dim=2) if weight.ndim > 2 else weight
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u
