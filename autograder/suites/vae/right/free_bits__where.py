"""A mask and torch.where."""

import torch


def free_bits(mu, logvar, floor):
    kl = torch.sum(0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar), dim=0) / mu.shape[0]
    return torch.where(kl > floor, kl, torch.full_like(kl, floor)).sum()
