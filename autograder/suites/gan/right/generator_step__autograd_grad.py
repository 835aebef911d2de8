"""Asks autograd for the generator's gradients alone."""

import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    before = loss(discriminator(generator(z)))
    parameters = [p for p in generator.parameters()]
    for p, g in zip(parameters, torch.autograd.grad(before, parameters), strict=True):
        p.grad = g
    optimizer.step()
    return before.detach().clone()
