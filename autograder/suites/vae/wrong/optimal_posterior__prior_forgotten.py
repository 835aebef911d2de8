"""Leaves out the prior: least squares."""

import torch


def optimal_posterior(x, W, b, sigma):
    inverse = torch.linalg.pinv(W)
    return (x - b) @ inverse.T, sigma**2 * inverse @ inverse.T
