"""Conditions the joint Gaussian of z and x, one sample at a time."""

import torch


def optimal_posterior(x, W, b, sigma):
    D, K = W.shape
    gain = W.T @ torch.linalg.inv(W @ W.T + sigma**2 * torch.eye(D, dtype=x.dtype, device=x.device))
    means = [gain @ (row - b) for row in x]
    return torch.stack(means), torch.eye(K, dtype=x.dtype, device=x.device) - gain @ W
