"""Has the two covariances in the trace the wrong way round."""

import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    return 0.5 * (torch.trace(torch.linalg.solve(S, cov)) + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))
