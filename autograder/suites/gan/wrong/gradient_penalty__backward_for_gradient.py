"""Computes the gradient by backward, which leaves gradients in the critic."""

# the warning of create_graph is right: the critic's gradients are touched


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    critic(x_hat).sum().backward(create_graph=True)
    return (x_hat.grad.flatten(1).norm(dim=1) - 1).pow(2).mean()
