"""Switches the discriminator's gradients off meanwhile, and back on."""


def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.requires_grad_(False)
    optimizer.zero_grad(set_to_none=False)
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.requires_grad_(True)
    return value.item()
