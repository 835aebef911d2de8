"""Uses the slope at the equilibrium everywhere."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi / 2, -theta / 2
    if kind == "nonsaturating":
        return phi / 2, -theta / 2
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi / 2, -theta / 2 - gamma * phi
    raise ValueError(kind)
