"""Takes a norm for each channel, as norm(2, dim=1) on images does for each pixel."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    if gradient.ndim == 4:
        gradient = gradient.flatten(start_dim=2).flatten(end_dim=1)  # one row for each image and channel
    return (gradient.flatten(start_dim=1).norm(dim=1) - 1).pow(2).mean()
