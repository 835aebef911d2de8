"""Leaves out the constant of the likelihood, as in a squared-error loss."""

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    K = W.shape[1]
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * error / sigma**2 - kl
