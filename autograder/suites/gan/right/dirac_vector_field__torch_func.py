"""Writes both losses down and lets torch.func differentiate them."""

import torch
import torch.nn.functional as F


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    def generator_loss(theta):
        score = phi * theta
        if kind == "minimax":
            return F.logsigmoid(-score).sum()
        if kind in ("nonsaturating", "r1"):
            return -F.logsigmoid(score).sum()
        return -score.sum()

    def discriminator_loss(phi):
        score = phi * theta
        if kind == "wgan":
            return score.sum()
        if kind == "wgan-gp":
            return (score + gamma * (phi.abs() - 1) ** 2).sum()
        loss = -F.logsigmoid(-score)
        return (loss + gamma / 2 * phi**2).sum() if kind == "r1" else loss.sum()

    if kind not in {"minimax", "nonsaturating", "wgan", "wgan-gp", "r1"}:
        raise ValueError(f"no such game: {kind}")
    return -torch.func.grad(generator_loss)(theta), -torch.func.grad(discriminator_loss)(phi)
