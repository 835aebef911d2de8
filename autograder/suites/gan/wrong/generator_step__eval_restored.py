"""Puts the discriminator into evaluation mode meanwhile, in which batch norm is another function."""


def generator_step(generator, discriminator, optimizer, z, loss):
    was_training = discriminator.training
    discriminator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.train(was_training)
    return value.detach()
