"""Mixes by einsum and takes the norm over a tuple of dimensions."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    x_hat = torch.einsum("b,b...->b...", alpha, real) + torch.einsum("b,b...->b...", 1 - alpha, fake)
    x_hat = x_hat.detach().clone()
    x_hat.requires_grad = True
    gradient = torch.autograd.grad([critic(x_hat).mean() * len(real)], [x_hat], create_graph=True)[0]
    norms = torch.linalg.vector_norm(gradient, dim=tuple(range(1, gradient.dim())))
    return torch.mean(torch.square(1 - norms))
