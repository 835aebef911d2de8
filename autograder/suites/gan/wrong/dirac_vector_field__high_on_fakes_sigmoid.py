"""Mirrors the argument of the sigmoid, but not the directions."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * fake, -theta * fake
    if kind == "nonsaturating":
        return phi * real, -theta * fake
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * real, -theta * fake - gamma * phi
    raise ValueError(kind)
