"""Treats the critic's score as a logit."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi * fake, -theta * real
    if kind == "wgan-gp":
        return phi * fake, -theta * real - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)
