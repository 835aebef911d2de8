"""Stops at W^T (x - b) / sigma^2 for the mean."""

import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return (x - b) @ W / sigma**2, sigma**2 * torch.linalg.inv(M)
