"""Gives the generator's parameters to the optimizer as well."""


def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z, *generator.parameters()], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    generator.train(was_training)
    return z.detach()
