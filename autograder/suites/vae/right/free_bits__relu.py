"""The floor plus what exceeds it."""

import torch
import torch.nn.functional as F


def free_bits(mu, logvar, floor):
    kl = (0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar)).mean(0)
    return mu.shape[1] * floor + F.relu(kl - floor).sum()
