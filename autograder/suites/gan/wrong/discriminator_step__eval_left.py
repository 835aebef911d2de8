"""Leaves the generator in evaluation mode."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    generator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()
