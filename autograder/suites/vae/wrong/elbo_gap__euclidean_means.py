"""Measures the distance of the means without the covariance."""

import torch


def elbo_gap(m, S, mean, cov):
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + (mean - m).pow(2).sum(1) - m.shape[1] + torch.logdet(cov) - torch.logdet(S))
