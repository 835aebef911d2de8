"""Takes the product of the roots for the root of the product."""

import torch


def root(C):
    values, V = torch.linalg.eigh(C)
    return V * values.clamp(min=0).sqrt() @ V.T


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    cross = torch.trace(root(C_1) @ root(C_2))
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)
