"""Clears the discriminator's gradients instead of the generator's."""


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    discriminator.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()
