"""Looks at the numbers only, so that the field has no Jacobian."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    with torch.no_grad():
        d = torch.sigmoid(theta * phi)
        if kind == "minimax":
            return phi * d, -theta * d
        if kind == "nonsaturating":
            return phi * (1 - d), -theta * d
        if kind == "wgan":
            return phi * 1, -theta
        if kind == "wgan-gp":
            return phi * 1, -theta - 2 * gamma * (phi - phi.sign())
        if kind == "r1":
            return phi * (1 - d), -theta * d - gamma * phi
    raise ValueError(kind)
