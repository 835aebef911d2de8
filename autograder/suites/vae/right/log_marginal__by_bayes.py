"""log p(x, z) - log p(z | x) at z = 0."""

import math

import torch


def log_marginal(x, W, b, sigma):
    D, K = W.shape
    M = W.T @ W / sigma**2 + torch.eye(K, dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(M, W.T @ (x - b).T / sigma**2).T
    joint = -0.5 * ((x - b) ** 2).sum(1) / sigma**2 - D / 2 * math.log(2 * math.pi * sigma**2) - K / 2 * math.log(2 * math.pi)
    posterior = -0.5 * ((mean @ M) * mean).sum(1) + 0.5 * torch.logdet(M) - K / 2 * math.log(2 * math.pi)
    return joint - posterior
