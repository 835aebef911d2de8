"""Draws codes of its own."""

import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(torch.randn_like(z)).detach()))
    value.backward()
    optimizer.step()
    return value.detach()
