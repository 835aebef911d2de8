"""Uses the first alpha for the whole batch."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    x_hat = (alpha[0] * real + (1 - alpha[0]) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()
