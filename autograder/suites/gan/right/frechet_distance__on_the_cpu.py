"""Leaves the device for the eigenvalues, which some devices lack, and comes back."""

import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    a, A, b, B = (tensor.to("cpu", torch.float64) for tensor in (mean_1, cov_1, mean_2, cov_2))
    root = torch.linalg.eigvals(A @ B).real.clamp_min(0.0).sqrt().sum()
    distance = (a - b).square().sum() + (A.diagonal() + B.diagonal()).sum() - 2 * root
    return distance.clamp_min(0.0).to(mean_1)
