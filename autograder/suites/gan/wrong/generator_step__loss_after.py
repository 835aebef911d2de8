"""Returns the loss after the step."""


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    loss(discriminator(generator(z))).backward()
    optimizer.step()
    return loss(discriminator(generator(z))).item()
