"""Lets gradients flow into the generator."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()
