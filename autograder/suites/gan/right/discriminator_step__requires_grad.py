"""Switches the generator's gradients off meanwhile, and back on."""


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    for p in generator.parameters():
        p.requires_grad_(False)
    loss_before = loss(discriminator(x), discriminator(generator(z)))
    discriminator.zero_grad()
    loss_before.backward()
    optimizer.step()
    for p in generator.parameters():
        p.requires_grad_(True)
    return float(loss_before.detach())
