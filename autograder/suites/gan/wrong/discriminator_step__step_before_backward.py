"""Steps before the gradients are there, so that each step uses those of the last call."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    optimizer.step()
    optimizer.zero_grad()
    value.backward()
    return value.detach()
