"""Takes the logarithm of the determinants' ratio, which is 0 / 0 with many latents."""

import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    ratio = torch.linalg.det(cov) / torch.linalg.det(S)
    return 0.5 * (torch.trace(torch.linalg.solve(cov, S)) + quadratic - m.shape[1] + torch.log(ratio))
