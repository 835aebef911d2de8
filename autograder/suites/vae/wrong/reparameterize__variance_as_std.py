"""Multiplies the noise by the variance."""

import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar) * eps
