"""Computes the exact singular value instead of power iterations."""

import torch


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    left, values, _ = torch.linalg.svd(W, full_matrices=False)
    return weight / values[0], left[:, 0].detach()
