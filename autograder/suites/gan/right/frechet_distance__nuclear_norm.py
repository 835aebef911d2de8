"""The sum of the singular values of a product of factors, by SVD."""

import torch


def factor(cov):
    U, S, _ = torch.linalg.svd(cov)
    return U * S.sqrt()


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    wide = [tensor.to(torch.float64) for tensor in (mean_1, cov_1, mean_2, cov_2)]
    left, right = factor(wide[1]), factor(wide[3])
    cross = torch.linalg.svdvals(left.T @ right).sum()
    d = torch.dist(wide[0], wide[2]) ** 2 if not torch.equal(mean_1, mean_2) else 0.0
    total = d + (left**2).sum() + (right**2).sum() - 2 * cross
    return torch.relu(total).to(mean_1.dtype)
