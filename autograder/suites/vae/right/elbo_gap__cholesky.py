"""Cholesky factors and triangular solves."""

import torch


def elbo_gap(m, S, mean, cov):
    A, C = torch.linalg.cholesky(S), torch.linalg.cholesky(cov)
    trace = torch.linalg.solve_triangular(C, A, upper=False).square().sum()
    quadratic = torch.linalg.solve_triangular(C, (mean - m).T, upper=False).square().sum(0)
    log_ratio = C.diagonal().log().sum() - A.diagonal().log().sum()
    return (trace + quadratic - m.shape[-1]) / 2 + log_ratio
