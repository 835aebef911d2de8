"""Measures the distance of the means with the covariance of q."""

import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(S, d.T).T).sum(1)
    return 0.5 * (torch.trace(torch.linalg.solve(cov, S)) + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))
