"""Computes KL(posterior || q)."""

import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(S, d.T).T).sum(1)
    return 0.5 * (torch.trace(torch.linalg.solve(S, cov)) + quadratic - m.shape[1] + torch.logdet(S) - torch.logdet(cov))
