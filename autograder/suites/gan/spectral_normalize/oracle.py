"""Oracle: spectral normalisation."""

from __future__ import annotations

import torch
from torch import Tensor


def spectral_normalize(weight: Tensor, u: Tensor, n_iterations: int = 1) -> tuple[Tensor, Tensor]:
    """n power iterations in one go: u_n along (W W^T)^n u and v_n along W^T (W W^T)^(n-1) u.
    weight: (out, ...); u: (out,).
    """
    wide = weight.double()
    matrix = wide.detach().flatten(1)
    gram = matrix @ matrix.T
    gram = gram / torch.linalg.matrix_norm(
        gram
    )  # only directions matter: keeps its powers in range
    left = u.detach().double()
    for _ in range(n_iterations - 1):
        left = gram @ left
        left = left / left.abs().max()
    right = matrix.T @ left
    right = right / right.square().sum().sqrt()
    left = gram @ left
    left = left / left.square().sum().sqrt()
    sigma = (wide.flatten(1) * torch.outer(left, right)).sum()
    return (wide / sigma).to(weight.dtype), left.to(u.dtype)
