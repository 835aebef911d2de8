"""Uses the old u with the new v in sigma."""

import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    old = F.normalize(u, dim=0)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            old, u = F.normalize(u, dim=0), F.normalize(W @ v, dim=0)
    return weight / (old @ W @ v), u
