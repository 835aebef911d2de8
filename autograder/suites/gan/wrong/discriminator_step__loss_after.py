"""Returns the loss after the step."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z).detach()
    optimizer.zero_grad()
    loss(discriminator(x), discriminator(fake)).backward()
    optimizer.step()
    return loss(discriminator(x), discriminator(fake)).item()
