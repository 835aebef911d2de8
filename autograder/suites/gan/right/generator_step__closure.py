"""Hands the optimizer a closure."""


def generator_step(generator, discriminator, optimizer, z, loss):
    def closure():
        generator.zero_grad()
        value = loss(discriminator(generator(z)))
        value.backward()
        return value

    return float(optimizer.step(closure).detach())
