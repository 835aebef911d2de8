"""Clips the norm of the gradient."""

import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    torch.nn.utils.clip_grad_norm_(generator.parameters(), 0.1)
    optimizer.step()
    return value.detach()
