"""Asks autograd for the discriminator's gradients alone."""

import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z)))
    parameters = list(discriminator.parameters())
    for p, g in zip(parameters, torch.autograd.grad(value, parameters), strict=True):
        p.grad = g
    optimizer.step()
    return value.detach().clone()
