"""Makes an optimizer of its own at every call."""

import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer = torch.optim.SGD(discriminator.parameters(), lr=optimizer.param_groups[0]["lr"])
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()
