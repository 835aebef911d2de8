"""Python's own max, latent by latent."""

import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar)
    return sum(max(kl[:, d].mean(), floor) for d in range(kl.shape[1]))
