"""Takes the derivative of the sigmoid, one quarter, for its value."""

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.25
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]
