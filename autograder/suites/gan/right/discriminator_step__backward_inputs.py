"""Tells backward which tensors get gradients."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward(inputs=list(discriminator.parameters()))
    optimizer.step()
    return value.detach()
