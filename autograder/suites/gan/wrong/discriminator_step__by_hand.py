"""Moves all parameters by hand with the learning rate, past the optimizer."""

import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    grads = torch.autograd.grad(value, list(discriminator.parameters()))
    with torch.no_grad():
        for p, g in zip(discriminator.parameters(), grads, strict=True):
            p -= optimizer.param_groups[0]["lr"] * g
    return value.detach()
