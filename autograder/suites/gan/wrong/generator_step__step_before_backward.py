"""Steps before the gradients are there, so that each step uses those of the last call."""


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    optimizer.step()
    optimizer.zero_grad()
    value.backward()
    return value.detach()
