"""Returns the loss with its graph, which keeps every batch in memory."""


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss
