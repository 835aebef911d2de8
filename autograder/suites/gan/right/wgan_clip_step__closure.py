"""Hands the optimizer a closure and clips with foreach operations."""

# ruff: noqa: F821  (earlier answers are names of the notebook)

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    with torch.no_grad():
        fake = fake.clone()

    def closure():
        optimizer.zero_grad()
        loss = critic_loss(critic(real), critic(fake))
        loss.backward()
        return loss

    loss = optimizer.step(closure)
    parameters = [p.data for p in critic.parameters()]
    torch._foreach_clamp_min_(parameters, -clip)
    torch._foreach_clamp_max_(parameters, clip)
    return float(loss)
