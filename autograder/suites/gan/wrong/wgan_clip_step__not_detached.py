"""Lets gradients flow into the generator that made the fake batch."""


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()
