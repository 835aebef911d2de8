"""Oracle: the Frechet distance."""

from __future__ import annotations

import torch
from torch import Tensor


def frechet_distance(mean_1: Tensor, cov_1: Tensor, mean_2: Tensor, cov_2: Tensor) -> Tensor:
    """|m_1 - m_2|^2 + tr C_1 + tr C_2 - 2 |R_1 R_2|_* with C_i = R_i^2: the nuclear norm is the
    trace of the root. Scalar.
    """
    difference = mean_1.double() - mean_2.double()
    cross = torch.linalg.matrix_norm(_frechet_root(cov_1) @ _frechet_root(cov_2), ord="nuc")
    traces = cov_1.double().diagonal().sum() + cov_2.double().diagonal().sum()
    return torch.relu(difference @ difference + traces - 2 * cross).to(mean_1.dtype)


def _frechet_root(cov: Tensor) -> Tensor:
    """The symmetric root of the nearest positive semi-definite matrix."""
    wide = cov.double()
    values, vectors = torch.linalg.eigh((wide + wide.T) / 2)
    return torch.einsum("ik,k,jk->ij", vectors, torch.relu(values).sqrt(), vectors)
