"""Writes the sigmoid as a quotient of exponentials, which is nan for large logits."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    e = torch.exp(theta * phi)
    real, fake = e / (1 + e), 1 / (1 + e)
    fields = {
        "minimax": (phi * real, -theta * real),
        "nonsaturating": (phi * fake, -theta * real),
        "wgan": (phi, -theta),
        "wgan-gp": (phi, -theta - 2 * gamma * (phi - phi.sign())),
        "r1": (phi * fake, -theta * real - gamma * phi),
    }
    if kind not in fields:
        raise ValueError(kind)
    return fields[kind]
