"""Limits backward() to the code, restores the modes of all submodules, and averages over the batch."""


def invert(generator, x, z_init, n_steps, lr):
    modes = [(module, module.training) for module in generator.modules()]
    z = torch.empty_like(z_init, requires_grad=True)
    with torch.no_grad():
        z.copy_(z_init)
    optimizer = torch.optim.Adam(params=[{"params": [z]}], lr=lr, betas=(0.9, 0.999))
    try:
        generator.eval()
        for _ in range(n_steps):
            per_image = torch.linalg.vector_norm((generator(z) - x).flatten(1), dim=1) ** 2
            optimizer.zero_grad(set_to_none=False)
            per_image.mean().backward(inputs=[z])
            optimizer.step()
    finally:
        for module, training in modes:
            module.training = training
    return z.detach().clone()
