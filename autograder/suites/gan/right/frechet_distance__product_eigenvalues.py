"""Eigenvalues of the product by a general solver, real parts kept."""

import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    a, A, b, B = mean_1.double(), cov_1.double(), mean_2.double(), cov_2.double()
    eigenvalues = torch.linalg.eigvals(A @ B).real.clamp_min(0.0)
    d = (a - b) @ (a - b) + torch.trace(A) + torch.trace(B) - 2 * torch.sqrt(eigenvalues).sum()
    return torch.clamp(d, min=0.0).to(mean_1.dtype)
