"""Forgets that z spreads x: the likelihood at z = 0."""

import torch


def log_marginal(x, W, b, sigma):
    return torch.distributions.Normal(b, sigma, validate_args=False).log_prob(x).sum(1)
