"""A symmetric root in a helper, used twice, of the second covariance's frame."""

import torch


def sqrtm(matrix):
    matrix = 0.5 * (matrix + matrix.T)
    eigenvalues, V = torch.linalg.eigh(matrix)
    return torch.einsum("ij,j,kj->ik", V, torch.relu(eigenvalues) ** 0.5, V)


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    dtype = mean_1.dtype
    mean_1, cov_1, mean_2, cov_2 = (t.double() for t in (mean_1, cov_1, mean_2, cov_2))
    root = sqrtm(cov_2)
    middle = sqrtm(root @ cov_1 @ root)
    squared = torch.sum((mean_1 - mean_2) ** 2) + torch.trace(cov_1 + cov_2 - 2 * middle)
    return torch.maximum(squared, torch.zeros_like(squared)).to(dtype)
