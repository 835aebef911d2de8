"""Hands the loss the fakes first."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z).detach()), discriminator(x))
    value.backward()
    optimizer.step()
    return value.detach()
