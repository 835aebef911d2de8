"""Takes alpha for the share of the fake sample."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * fake + (1 - share) * real).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()
