"""Oracle: GDPP: structure of diversity."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.suites.gan.features import symmetric


def gdpp_structure_loss(kernel_real: Tensor, kernel_fake: Tensor) -> Tensor:
    """-sum_i weight_i sqrt(tr(P_i Q_i)) with the spectral projectors P_i, Q_i: no eigenvector, so
    no sign. (B, B) each. Scalar.
    """
    values, real = _gdpp_projectors(kernel_real.detach())
    _, fake = _gdpp_projectors(kernel_fake)
    weights = (values - values.amin()) / (values.amax() - values.amin())
    squared_cosines = (real * fake).sum((1, 2)).clamp(min=0)  # tr(P_i Q_i), both symmetric
    return -(weights * squared_cosines.sqrt()).sum().to(kernel_fake.dtype)


def _gdpp_projectors(kernel: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues, rising, and the projectors prod_{j != i} (K - lambda_j I) / (lambda_i -
    lambda_j) onto their eigenvectors.
    """
    matrix = symmetric(kernel)
    values = torch.linalg.eigvalsh(matrix)
    gaps = values.unsqueeze(1) - values.unsqueeze(0)
    # a repeated zero has no projector of its own: what stands there is finite, and its weight is
    # zero
    gaps = torch.where(gaps.abs() < 1e-9 * values.amax(), torch.ones_like(gaps), gaps)
    identity = torch.eye(len(matrix), dtype=torch.float64, device=kernel.device)
    projectors = []
    for i in range(len(matrix)):
        product = identity
        for j in range(len(matrix)):
            if j != i:
                product = product @ (matrix - values[j] * identity) / gaps[i, j]
        projectors.append(product)
    return values, torch.stack(projectors)
