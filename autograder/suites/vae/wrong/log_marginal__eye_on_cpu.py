"""Makes its identity matrix on the CPU."""

import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype)
    r = x - b
    return -0.5 * (len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1))
