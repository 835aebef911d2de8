"""Takes two steps with one gradient."""


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach()
