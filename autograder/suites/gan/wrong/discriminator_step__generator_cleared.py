"""Lets gradients flow into the generator and clears them afterwards, with those that were there."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    generator.zero_grad()
    return value.detach()
