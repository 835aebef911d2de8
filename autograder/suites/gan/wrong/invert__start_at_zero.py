"""Starts at the mean code."""


def invert(generator, x, z_init, n_steps, lr):
    z = torch.zeros_like(z_init).requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()
