"""Cuts the gradient before the discriminator, so that the generator learns nothing."""


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()
