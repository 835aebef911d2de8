"""Draws codes of its own."""

import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(torch.randn_like(z))))
    value.backward()
    optimizer.step()
    return value.detach()
