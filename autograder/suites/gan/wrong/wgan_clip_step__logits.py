"""Trains the critic as a discriminator with binary cross-entropy, then clips."""

import torch.nn.functional as F


def wgan_clip_step(critic, optimizer, real, fake, clip):
    fake_scores, real_scores = critic(fake.detach()), critic(real)
    loss = F.softplus(fake_scores).mean() + F.softplus(-real_scores).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return (fake_scores.mean() - real_scores.mean()).item()
