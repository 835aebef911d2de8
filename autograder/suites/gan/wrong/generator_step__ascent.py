"""Goes up the loss."""


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    (-value).backward()
    optimizer.step()
    return value.detach()
