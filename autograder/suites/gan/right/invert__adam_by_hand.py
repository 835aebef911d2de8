"""Writes Adam out, inside the course's context for evaluation."""


def invert(generator, x, z_init, n_steps, lr):
    with evaluating(generator):
        z = z_init.clone()
        m, v = torch.zeros_like(z), torch.zeros_like(z)
        for t in range(1, n_steps + 1):
            with torch.enable_grad():
                leaf = z.detach().requires_grad_()
                gradient = torch.autograd.grad(((generator(leaf) - x) ** 2).sum(), leaf)[0]
            m = 0.9 * m + 0.1 * gradient
            v = 0.999 * v + 0.001 * gradient**2
            z = z - lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
    return z.detach()
