"""Clears the gradients between backward and step."""


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.zero_grad()
    optimizer.step()
    return value.detach()
