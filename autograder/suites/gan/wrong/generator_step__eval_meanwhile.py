"""Puts the discriminator into evaluation mode meanwhile, and afterwards into training mode."""


def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.train()
    return value.detach()
