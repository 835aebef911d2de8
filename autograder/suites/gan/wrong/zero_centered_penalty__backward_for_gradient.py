"""Computes the gradient by backward, which leaves gradients in the discriminator."""

# the warning of create_graph is right: the discriminator's gradients are touched


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    discriminator(x).sum().backward(create_graph=True)
    return gamma / 2 * x.grad.pow(2).flatten(1).sum(dim=1).mean()
