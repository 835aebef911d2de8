"""Expected log-joint plus the entropy of q, from a Cholesky factor."""

import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    L = torch.linalg.cholesky(S)
    A = W @ L
    residual = x - (W @ m.T).T - b
    e_lik = -D * math.log(sigma) - D / 2 * math.log(2 * math.pi) - ((residual**2).sum(-1) + (A**2).sum()) / 2 / sigma**2
    e_prior = -K / 2 * math.log(2 * math.pi) - ((m**2).sum(-1) + (L**2).sum()) / 2
    entropy = K / 2 * (1 + math.log(2 * math.pi)) + torch.log(torch.diagonal(L)).sum()
    return e_lik + e_prior + entropy
