"""Makes the fakes without a graph."""

import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    with torch.no_grad():
        fake = generator(z)
    optimizer.zero_grad(set_to_none=False)
    value = loss(discriminator(x), discriminator(fake))
    value.backward()
    optimizer.step()
    return value.item()
