"""Python's own numbers and its math module, without the field of the question before."""

import math

import torch


def sigma(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def moves(t, p, kind, gamma):
    if kind == "wgan":
        return p, -t
    if kind == "wgan-gp":
        return p, -t - 2 * gamma * (abs(p) - 1) * (0 if p == 0 else math.copysign(1, p))
    d = -t * sigma(t * p)
    if kind == "minimax":
        return p * sigma(t * p), d
    return p * sigma(-t * p), d - (gamma * p if kind == "r1" else 0)


def dirac_trajectory(theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None):
    options = {"dtype": theta.dtype, "device": theta.device} if isinstance(theta, torch.Tensor) else {}
    t, p = float(theta), float(phi)
    path = [(t, p)]
    while len(path) <= n_steps:
        before = p
        for _ in range(n_critic if alternating else 1):
            p += step_size * moves(t, p, kind, gamma)[1]
            if clip is not None:
                p = min(max(p, -clip), clip)
        t += step_size * moves(t, p if alternating else before, kind, gamma)[0]
        path.append((t, p))
    return torch.tensor(path, **options)
