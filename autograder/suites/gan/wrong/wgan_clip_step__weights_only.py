"""Leaves the biases unclipped."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for name, parameter in critic.named_parameters():
            if name.endswith("weight"):
                parameter.clamp_(-clip, clip)
    return loss.item()
