"""Adds to the gradients that are already there."""


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()
