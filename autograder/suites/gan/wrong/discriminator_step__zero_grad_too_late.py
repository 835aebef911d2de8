"""Clears the gradients between backward and step."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.zero_grad()
    optimizer.step()
    return value.detach()
