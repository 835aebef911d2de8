"""A table of slopes, with the hyperbolic tangent for the sigmoid and torch.where for the sign."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    half = torch.tanh(phi * theta / 2) / 2
    up, down = 0.5 + half, 0.5 - half
    sign = torch.where(phi > 0, torch.ones_like(phi), -torch.ones_like(phi))
    sign = torch.where(phi == 0, torch.zeros_like(phi), sign)
    slopes = {
        "minimax": (up, up, 0.0),
        "nonsaturating": (down, up, 0.0),
        "wgan": (1.0, 1.0, 0.0),
        "wgan-gp": (1.0, 1.0, 2.0 * gamma * (phi - sign)),
        "r1": (down, up, gamma * phi),
    }
    try:
        g, d, penalty = slopes[kind]
    except KeyError:
        raise ValueError(kind) from None
    return g * phi, -(d * theta) - penalty
