"""Computes gradients by torch.autograd.grad and copies the clipped weights back."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    parameters = list(critic.parameters())
    loss = torch.mean(critic(fake.detach())) - torch.mean(critic(real))
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()
    with torch.no_grad():
        for parameter in parameters:
            parameter.copy_(parameter.clip(-clip, clip))
    return loss.detach()
