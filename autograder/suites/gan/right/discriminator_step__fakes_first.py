"""Shows the discriminator the fakes first, and clears gradients with a loop."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    on_fake = discriminator(generator(z).data)
    on_real = discriminator(x)
    for p in discriminator.parameters():
        p.grad = None
    result = loss(on_real, on_fake)
    result.backward()
    optimizer.step()
    return result.data
