"""Forgets the sign in the slope of the absolute value."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1)
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)
