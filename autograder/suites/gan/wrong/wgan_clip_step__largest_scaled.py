"""Scales each parameter down until its largest element fits."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.mul_((clip / parameter.abs().max()).clamp(max=1.0))
    return loss.item()
