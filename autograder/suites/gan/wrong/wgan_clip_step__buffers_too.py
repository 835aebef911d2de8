"""Clips everything in the state of the critic, its buffers too."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for value in critic.state_dict().values():
            value.clamp_(-clip, clip)
    return loss.item()
