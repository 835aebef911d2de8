"""Takes the norm without its square."""

import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.flatten(1).norm(dim=1).mean()
