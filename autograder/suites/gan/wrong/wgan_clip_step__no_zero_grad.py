"""Adds to the gradients that are already there."""


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()
