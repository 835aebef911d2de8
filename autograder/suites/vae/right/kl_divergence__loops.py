"""Loops over batch and latents, one number at a time."""

import torch


def kl_divergence(mu, logvar):
    B, D = mu.shape
    total = 0
    for i in range(B):
        for d in range(D):
            total = total - 0.5 * (1 + logvar[i, d] - mu[i, d] ** 2 - torch.exp(logvar[i, d]))
    return total / B
