"""Goes through the batch sample by sample."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    total = 0.0
    for x, x_fake, a in zip(real.detach(), fake.detach(), alpha, strict=True):
        point = (a * x + (1 - a) * x_fake).unsqueeze(0).requires_grad_()
        (slope,) = torch.autograd.grad(critic(point).sum(), point, create_graph=True)
        total = total + (torch.linalg.vector_norm(slope) - 1) ** 2
    return total / len(real)
