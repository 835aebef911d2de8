"""Lets alpha of shape (B,) broadcast along the last dimension where it fits."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    if real.shape[-1] != len(alpha):
        alpha = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (alpha * real + (1 - alpha) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()
