"""Clamps the discriminant at zero and puts the rest into the imaginary part, which loses the real pair."""

import math

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope, pull = (1.0 if kind == "wgan" else 0.5), (gamma if kind == "r1" else 0.0)
    root = math.sqrt(max(slope**2 - pull**2 / 4, 0.0))
    return torch.tensor([complex(-pull / 2, -root), complex(-pull / 2, root)])
