"""Charges only what exceeds the floor."""

import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return torch.relu(kl.mean(0) - floor).sum()
