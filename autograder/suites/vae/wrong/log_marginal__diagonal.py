"""Keeps only the variances of x and drops its covariances."""

import torch


def log_marginal(x, W, b, sigma):
    std = (W.pow(2).sum(1) + sigma**2).sqrt()
    return torch.distributions.Normal(b, std, validate_args=False).log_prob(x).sum(1)
