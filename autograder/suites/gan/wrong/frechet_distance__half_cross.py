"""Forgets the two before the root."""

import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - cross
    return distance.clamp(min=0).to(mean_1.dtype)
