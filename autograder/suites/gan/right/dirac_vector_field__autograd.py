"""torch.autograd.grad on the losses, keeping the graph."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    if kind not in ("minimax", "nonsaturating", "wgan", "wgan-gp", "r1"):
        raise ValueError("unknown kind " + kind)
    with torch.enable_grad():
        t = theta if theta.requires_grad else theta.detach().clone().requires_grad_(True)
        p = phi if phi.requires_grad else phi.detach().clone().requires_grad_(True)
        bce = torch.nn.BCEWithLogitsLoss(reduction="sum")
        score = t * p
        ones, zeros = torch.ones_like(score), torch.zeros_like(score)
        if kind in ("wgan", "wgan-gp"):
            d, g = score.sum(), -score.sum()
        else:
            d = bce(score, zeros)
            g = -bce(score, zeros) if kind == "minimax" else bce(score, ones)
        if kind == "wgan-gp":
            d = d + gamma * ((p.abs() - 1) ** 2).sum()
        elif kind == "r1":
            d = d + gamma / 2 * p.square().sum()
        (t_slope,) = torch.autograd.grad(g, t, create_graph=True)
        (p_slope,) = torch.autograd.grad(d, p, create_graph=True)
    return -t_slope, -p_slope
