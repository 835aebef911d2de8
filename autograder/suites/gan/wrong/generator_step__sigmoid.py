"""Hands the loss probabilities instead of outputs."""


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)).sigmoid())
    value.backward()
    optimizer.step()
    return value.detach()
