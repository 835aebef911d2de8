"""Subtracts the noise: the same distribution, another sample."""

import torch


def reparameterize(mu, logvar, eps):
    return mu - torch.exp(0.5 * logvar) * eps
