"""Factors a covariance by Cholesky, with a little added to the diagonal."""

import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    D = len(m_1)
    L = torch.linalg.cholesky(C_1 + 1e-6 * torch.eye(D, dtype=C_1.dtype, device=C_1.device))
    cross = torch.linalg.eigvalsh(L.T @ C_2 @ L).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)
