"""Detaches the outputs on the fakes, so that the discriminator learns from real images only."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)).detach())
    value.backward()
    optimizer.step()
    return value.detach()
