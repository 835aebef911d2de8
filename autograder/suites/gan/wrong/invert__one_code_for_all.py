"""Searches one code for the whole batch."""


def invert(generator, x, z_init, n_steps, lr):
    z = z_init[:1].detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z.expand(len(x), -1)) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach().expand(len(x), -1)
