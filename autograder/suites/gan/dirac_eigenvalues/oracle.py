"""Oracle: eigenvalues of the Dirac-GAN at its equilibrium."""

from __future__ import annotations

import cmath

import torch
from torch import Tensor


def dirac_eigenvalues(kind: str, gamma: float = 0.0) -> Tensor:
    """Roots of l^2 + gamma l + f'(0)^2 (Mescheder et al. 2018), f'(0) = 1/2 for logits and 1 for
    scores. (2,), complex128.
    """
    slopes = {"minimax": 0.5, "nonsaturating": 0.5, "r1": 0.5, "wgan": 1.0}
    if kind not in slopes:
        raise ValueError(f"no Jacobian at the origin for {kind!r}")
    half = gamma / 2 if kind == "r1" else 0.0
    root = cmath.sqrt(
        half**2 - slopes[kind] ** 2
    )  # on the positive imaginary or the positive real axis
    return torch.tensor([-half - root, -half + root], dtype=torch.complex128)
