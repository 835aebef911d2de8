"""Clears the gradients after its step, not those that the generator's step left before it."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    optimizer.zero_grad()
    return value.detach()
