"""Puts the discriminator into training mode and leaves it there."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    discriminator.train()
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()
