"""Clips at the beginning and at the end: the loss and the gradient are those of a clipped critic."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    def cut():
        with torch.no_grad():
            for parameter in critic.parameters():
                parameter.clamp_(-clip, clip)

    cut()
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    cut()
    return loss.item()
