"""The whole computation in float32, with sums of sorted keys."""

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("the absolute value has a kink at zero")
    s = torch.tensor(1.0 if kind == "wgan" else 0.5)
    J = torch.zeros(2, 2)
    J[0, 1], J[1, 0] = s, -s
    if kind == "r1":
        J[1, 1] = -gamma
    pair = list(torch.linalg.eig(J).eigenvalues)
    pair.sort(key=lambda value: float(value.imag + value.real))
    return torch.stack(pair)
