"""Hands the loss probabilities instead of outputs."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x).sigmoid(), discriminator(generator(z).detach()).sigmoid())
    value.backward()
    optimizer.step()
    return value.detach()
