"""Does not normalise v."""

import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = W.T @ u
            u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    return weight / sigma, u
