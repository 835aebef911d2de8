"""Differentiates log(1 - sigmoid), which overflows, and gives no second derivative."""

import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    if kind not in ("minimax", "nonsaturating", "wgan", "wgan-gp", "r1"):
        raise ValueError(kind)
    theta, phi = theta.detach().clone().requires_grad_(), phi.detach().clone().requires_grad_()
    score = phi * theta
    if kind.startswith("wgan"):
        loss_d, loss_g = score, -score
    else:
        d = torch.sigmoid(score)
        loss_d = -torch.log(1 - d)
        loss_g = torch.log(1 - d) if kind == "minimax" else -torch.log(d)
    if kind == "wgan-gp":
        loss_d = loss_d + gamma * (phi.abs() - 1) ** 2
    if kind == "r1":
        loss_d = loss_d + gamma / 2 * phi**2
    theta_dot = -torch.autograd.grad(loss_g.sum(), theta, retain_graph=True)[0]
    return theta_dot, -torch.autograd.grad(loss_d.sum(), phi)[0]
