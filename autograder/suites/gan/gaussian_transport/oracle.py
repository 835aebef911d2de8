"""Oracle: the Frechet distance and the optimal map between two Gaussians."""

from __future__ import annotations

import torch
from torch import Tensor


def gaussian_transport(
    mean_1: Tensor, cov_1: Tensor, mean_2: Tensor, cov_2: Tensor
) -> tuple[Tensor, Tensor]:
    """|m_1 - m_2|^2 + tr C_1 + tr C_2 - 2 |R_1 R_2|_* with C_i = R_i R_i^T: the nuclear norm is the
    trace of the root. Where C_1 = L L^T is positive definite, T = L^-T (L^T C_2 L)^(1/2) L^-1,
    nan elsewhere.
    """
    difference = mean_1.double() - mean_2.double()
    root_1, root_2 = _root(cov_1), _root(cov_2)
    cross = torch.linalg.matrix_norm(root_1 @ root_2, ord="nuc")
    traces = cov_1.double().diagonal().sum() + cov_2.double().diagonal().sum()
    distance = torch.relu(difference @ difference + traces - 2 * cross)
    factor, singular = torch.linalg.cholesky_ex(_symmetric(cov_1))
    if singular:
        return distance.to(mean_1.dtype), torch.full_like(cov_1, torch.nan)
    # L^T R_2 = U S V^T, and therefore (L^T C_2 L)^(1/2) = U S U^T
    U, S, _ = torch.linalg.svd(factor.T @ root_2)
    half = torch.linalg.solve_triangular(factor.T, U, upper=True)
    T = torch.einsum("ik,k,jk->ij", half, S, half)
    return distance.to(mean_1.dtype), T.to(mean_1.dtype)


def _root(cov: Tensor) -> Tensor:
    """The symmetric root of the nearest positive semi-definite matrix."""
    values, vectors = torch.linalg.eigh(_symmetric(cov))
    return torch.einsum("ik,k,jk->ij", vectors, torch.relu(values).sqrt(), vectors)


def _symmetric(cov: Tensor) -> Tensor:
    wide = cov.double()
    return (wide + wide.T) / 2
