"""Divides the squared error by sigma, not by its square."""

import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma) + error / sigma) - kl
