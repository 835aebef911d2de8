"""Clears the gradients after its step, not those left before it."""


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    optimizer.zero_grad()
    return value.detach()
