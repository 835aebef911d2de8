"""Uses the minimax generator for all three kinds with logits."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real = torch.sigmoid(logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * real, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * real, -theta * real - gamma * phi
    raise ValueError(kind)
