"""Computes KL(p || q), from the prior to the posterior."""

import torch


def kl_divergence(mu, logvar):
    return 0.5 * ((1 + mu.pow(2)) * torch.exp(-logvar) - 1 + logvar).sum(1).mean()
