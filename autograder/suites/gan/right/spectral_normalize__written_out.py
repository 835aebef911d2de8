"""Writes products and norms out, on detached weights."""

import torch


def spectral_normalize(weight, u, n_iterations=1):
    matrix = weight.reshape(weight.shape[0], -1)
    frozen = matrix.detach()
    left = u.detach()
    for _ in range(n_iterations):
        right = frozen.t().mv(left)
        right = right / right.norm(p=2)
        left = frozen.mv(right)
        left = left / left.norm(p=2)
    sigma = torch.dot(left, torch.mv(matrix, right))
    return weight / sigma, left
