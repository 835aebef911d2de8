"""Differentiates the probability instead of the logit."""

import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sigmoid().sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()
