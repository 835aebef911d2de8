"""Scores both batches in one pass and clips by a library function."""

import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    n = len(real)
    scores = critic(torch.cat([real, fake.detach()]))
    loss = scores[n:].mean() - scores[:n].mean()
    critic.zero_grad()
    loss.backward()
    optimizer.step()
    torch.nn.utils.vector_to_parameters(
        torch.clip(torch.nn.utils.parameters_to_vector(critic.parameters()).detach(), -clip, clip), critic.parameters()
    )
    return loss.detach().clone()
