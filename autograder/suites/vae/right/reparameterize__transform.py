"""An affine transform of torch.distributions."""

import torch


def reparameterize(mu, logvar, eps):
    std = torch.exp(logvar / 2)
    return torch.distributions.AffineTransform(mu, std)(eps)
