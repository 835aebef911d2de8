"""Roots of the characteristic polynomial."""

import numpy as np
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    match kind:
        case "minimax" | "nonsaturating":
            coefficients = [1, 0, 0.25]
        case "wgan":
            coefficients = [1, 0, 1]
        case "r1":
            coefficients = [1, gamma, 0.25]
        case _:
            raise ValueError(f"no eigenvalues for {kind}")
    roots = np.roots(coefficients).astype(complex)
    roots = roots[np.lexsort((roots.real, roots.imag))]
    return torch.from_numpy(roots)
