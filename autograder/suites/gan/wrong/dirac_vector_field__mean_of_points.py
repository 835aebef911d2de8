"""Averages the losses over the points, so that each direction shrinks with their number."""

import torch
import torch.nn.functional as F


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    def loss_g(theta, phi):
        score = theta * phi
        games = {"minimax": -F.softplus(score), "nonsaturating": F.softplus(-score), "r1": F.softplus(-score)}
        return games.get(kind, -score).mean()

    def loss_d(theta, phi):
        score = theta * phi
        if kind == "wgan":
            return score.mean()
        if kind == "wgan-gp":
            return (score + gamma * (phi.abs() - 1) ** 2).mean()
        return (F.softplus(score) + (gamma / 2 * phi**2 if kind == "r1" else 0)).mean()

    if kind not in ("minimax", "nonsaturating", "wgan", "wgan-gp", "r1"):
        raise ValueError(kind)
    return -torch.func.grad(loss_g, 0)(theta, phi), -torch.func.grad(loss_d, 1)(theta, phi)
