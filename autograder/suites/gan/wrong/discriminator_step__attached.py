"""Returns the loss with its graph, which keeps every batch in memory."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value
