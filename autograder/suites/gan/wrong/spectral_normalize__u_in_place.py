"""Overwrites the u that it is given."""

import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u.copy_(F.normalize(W @ v, dim=0))
    return weight / (u.clone() @ W @ v), u.clone()
