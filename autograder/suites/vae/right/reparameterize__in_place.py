"""In-place operations on its own copy of the noise."""

import torch


def reparameterize(mu, logvar, eps):
    z = eps.clone()
    z *= torch.exp(logvar).sqrt()
    z += mu
    return z
