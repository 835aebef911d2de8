"""Passes ones as grad_outputs and writes the norm out, with a tiny constant under the root."""

import torch


def gradient_penalty(critic, real, fake, alpha):
    b = real.size(0)
    a = alpha.view(b, *(1 for _ in real.shape[1:]))
    x_hat = torch.lerp(fake.detach(), real.detach(), a.expand_as(real))
    x_hat.requires_grad_(True)
    scores = critic(x_hat)
    g = torch.autograd.grad(
        outputs=scores,
        inputs=x_hat,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0].reshape(b, -1)
    norm = torch.sqrt((g**2).sum(1) + 1e-12)
    return ((norm - 1.0) ** 2).mean()
