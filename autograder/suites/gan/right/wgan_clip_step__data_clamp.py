"""Clips by the parameters' data and returns a Python float."""


def wgan_clip_step(critic, optimizer, real, fake, clip):
    optimizer.zero_grad(set_to_none=False)
    fake_scores = critic(fake.detach())
    real_scores = critic(real)
    objective = real_scores.mean() - fake_scores.mean()
    (-objective).backward()
    optimizer.step()
    for weights in critic.parameters():
        weights.data = weights.data.clamp(min=-clip, max=clip)
    return -objective.item()
