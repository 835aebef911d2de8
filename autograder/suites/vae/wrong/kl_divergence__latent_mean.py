"""Averages over latents as well, while the reconstruction is summed over pixels."""

import torch


def kl_divergence(mu, logvar):
    return -0.5 * torch.mean(1 + logvar - mu.pow(2) - logvar.exp())
