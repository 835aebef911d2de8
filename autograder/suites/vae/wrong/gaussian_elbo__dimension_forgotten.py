"""Forgets the K of the KL, so that q = p has a KL."""

import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, _ = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl
