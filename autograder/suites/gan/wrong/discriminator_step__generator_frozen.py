"""Switches the generator's gradients off for good."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    generator.requires_grad_(False)
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()
