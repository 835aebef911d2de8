"""Clips from above only."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(max=clip)
    return loss.item()
