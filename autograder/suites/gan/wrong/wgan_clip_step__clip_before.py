"""Clips before the step, so that the step leaves the bounds again."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-clip, clip)
    optimizer.step()
    return loss.item()
