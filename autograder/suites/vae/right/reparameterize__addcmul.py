"""A fused multiply and add."""

import torch


def reparameterize(mu, logvar, eps):
    return torch.addcmul(mu, eps, logvar.mul(0.5).exp())
