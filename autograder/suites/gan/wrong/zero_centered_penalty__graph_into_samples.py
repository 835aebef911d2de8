"""Does not cut the samples off from the generator."""

import torch


def zero_centered_penalty(discriminator, x, gamma):
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()
