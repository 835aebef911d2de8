"""Returns the u that it was given, normalised, so that the estimate never improves between calls."""

import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    start = F.normalize(u, dim=0)
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), start if n_iterations == 1 else u
