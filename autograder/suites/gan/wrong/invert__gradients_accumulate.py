"""Forgets to clear the gradient of z."""


def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        gradient = torch.autograd.grad(error, z)[0]
        z.grad = gradient if z.grad is None else z.grad + gradient
        optimizer.step()
    generator.train(was_training)
    return z.detach()
