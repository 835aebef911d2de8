"""The quadratic formula with complex numbers, in the default precision."""

import cmath

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind not in ("minimax", "nonsaturating", "wgan", "r1"):
        raise ValueError(f"{kind} has no Jacobian at the equilibrium")
    trace = -gamma if kind == "r1" else 0.0
    determinant = 1.0 if kind == "wgan" else 0.25
    root = cmath.sqrt(trace * trace - 4 * determinant)
    return torch.tensor([(trace - root) / 2, (trace + root) / 2], dtype=torch.complex64)
