"""Switches the discriminator's gradients off for good."""


def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.requires_grad_(False)
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()
