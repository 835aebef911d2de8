"""Leaves out the factor one half."""

import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    return torch.trace(torch.linalg.solve(cov, S)) + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S)
