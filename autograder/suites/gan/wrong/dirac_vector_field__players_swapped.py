"""Returns phi's direction first."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return -theta * real, phi * real
    if kind == "nonsaturating":
        return -theta * real, phi * fake
    if kind == "wgan":
        return -theta, phi
    if kind == "wgan-gp":
        return -theta - 2 * gamma * (phi.abs() - 1) * phi.sign(), phi
    if kind == "r1":
        return -theta * real - gamma * phi, phi * fake
    raise ValueError(kind)
