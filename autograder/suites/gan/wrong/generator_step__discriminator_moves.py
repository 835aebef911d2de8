"""Moves the discriminator as well, in the opposite direction."""

import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    discriminator.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    with torch.no_grad():
        for p in discriminator.parameters():
            p += 1e-3 * p.grad
    return value.detach()
