"""Takes five steps with each batch, as the algorithm does with five batches."""


def wgan_clip_step(critic, optimizer, real, fake, clip):
    losses = []
    for _ in range(5):
        loss = critic(fake.detach()).mean() - critic(real).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for parameter in critic.parameters():
            parameter.data.clamp_(-clip, clip)
        losses.append(loss.item())
    return losses[0]
