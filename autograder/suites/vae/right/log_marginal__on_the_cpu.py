"""Computes in float64 on the CPU, gradients included, and returns to the device of x."""

import torch


def log_marginal(x, W, b, sigma):
    data, weights, offset = (tensor.cpu().double() for tensor in (x, W, b))
    cov = weights @ weights.T + sigma**2 * torch.eye(len(offset), dtype=torch.float64)
    density = torch.distributions.MultivariateNormal(offset, cov).log_prob(data)
    return density.to(x.device, x.dtype)
