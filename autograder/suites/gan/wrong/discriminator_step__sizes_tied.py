"""Takes as many fakes as there are real images."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z[: len(x)]).detach()
    optimizer.zero_grad()
    value = loss(discriminator(x[: len(fake)]), discriminator(fake))
    value.backward()
    optimizer.step()
    return value.detach()
