"""Returns the best code along the way."""


def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    lowest = torch.full((len(x),), float("inf"), dtype=x.dtype, device=x.device)
    best = z.detach().clone()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
        with torch.no_grad():
            now = (generator(z) - x).pow(2).flatten(1).sum(1)
            best = torch.where((now < lowest)[:, None], z.detach(), best)
            lowest = torch.minimum(now, lowest)
    generator.train(was_training)
    return best
