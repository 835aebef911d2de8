"""Makes batch norm use the statistics of the batch inside evaluation mode."""


def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.train()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()
