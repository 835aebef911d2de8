"""Takes the slope between the real and the fake sample for the norm of the gradient."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach()
    direction = torch.ones_like(x_hat) / x_hat[0].numel() ** 0.5
    slope = (critic(x_hat + 1e-3 * direction) - critic(x_hat - 1e-3 * direction)).flatten() / 2e-3
    return (slope.abs() - 1).pow(2).mean()
