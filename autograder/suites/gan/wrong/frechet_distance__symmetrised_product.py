"""Makes the product symmetric before the root is taken."""

import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    product = (C_1 @ C_2 + C_2 @ C_1) / 2
    cross = torch.linalg.eigvalsh(product).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)
