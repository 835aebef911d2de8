"""Adds to the gradients that are already there."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()
