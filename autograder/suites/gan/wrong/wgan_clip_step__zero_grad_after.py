"""Clears the gradients after its step, not those that another loss left before it."""


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()
