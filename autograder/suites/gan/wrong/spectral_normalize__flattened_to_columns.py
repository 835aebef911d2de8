"""Flattens a convolution's weight with the input channels as rows, where u fits."""

import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    if weight.ndim > 2 and weight.shape[0] == weight.shape[1]:
        W = weight.transpose(0, 1).flatten(start_dim=1)
    elif weight.ndim == 4:
        W = weight.permute(0, 2, 3, 1).flatten(start_dim=2).sum(dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u
