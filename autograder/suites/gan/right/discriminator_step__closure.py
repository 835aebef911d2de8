"""Hands the optimizer a closure."""

import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z).detach()

    def closure():
        optimizer.zero_grad()
        value = loss(discriminator(x), discriminator(fake))
        value.backward()
        return value

    return float(optimizer.step(closure).detach())
