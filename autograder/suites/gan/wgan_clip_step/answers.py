"""Known answers: A critic's step with weight clipping."""

# %% wrong: buffers_too
# Clips everything in the state of the critic, its buffers too.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for value in critic.state_dict().values():
            value.clamp_(-clip, clip)
    return loss.item()


# %% wrong: clip_before
# Clips before the step, so that the step leaves the bounds again.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-clip, clip)
    optimizer.step()
    return loss.item()


# %% wrong: clip_first
# Clips at the beginning and at the end: the loss and the gradient are those of a clipped critic.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    def cut():
        with torch.no_grad():
            for parameter in critic.parameters():
                parameter.clamp_(-clip, clip)

    cut()
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    cut()
    return loss.item()


# %% wrong: estimate_returned
# Returns the estimate of the distance instead of the loss.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return -loss.item()


# %% wrong: five_steps
# Takes five steps with each batch, as the algorithm does with five batches.
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


# %% wrong: gradients_clipped
# Clips the gradients as well as the weights.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(critic.parameters(), clip)
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-clip, clip)
    return loss.item()


# %% wrong: graph_kept
# Returns the loss with its graph, which keeps every batch in memory.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss


# %% wrong: largest_scaled
# Scales each parameter down until its largest element fits.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.mul_((clip / parameter.abs().max()).clamp(max=1.0))
    return loss.item()


# %% wrong: logits
# Trains the critic as a discriminator with binary cross-entropy, then clips.
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


# %% wrong: loss_after
# Returns the loss after the step.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return (critic(fake.detach()).mean() - critic(real).mean()).item()


# %% wrong: no_zero_grad
# Adds to the gradients that are already there.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% wrong: norm_clipped
# Rescales each parameter to a norm of at most the bound instead of clipping its elements.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.mul_((clip / parameter.norm()).clamp(max=1.0))
    return loss.item()


# %% wrong: not_detached
# Lets gradients flow into the generator that made the fake batch.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% wrong: swapped
# Scores fake data high, and returns the loss as it should be.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% wrong: upper_bound_only
# Clips from above only.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(max=clip)
    return loss.item()


# %% wrong: weights_only
# Leaves the biases unclipped.
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


# %% wrong: zero_grad_after
# Clears the gradients after its step, not those that another loss left before it.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% right: closure
# Hands the optimizer a closure and clips with foreach operations.
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


# %% right: data_clamp
# Clips by the parameters' data and returns a Python float.
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


# %% right: manual_gradients
# Computes gradients by torch.autograd.grad and copies the clipped weights back.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    parameters = list(critic.parameters())
    loss = torch.mean(critic(fake.detach())) - torch.mean(critic(real))
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()
    with torch.no_grad():
        for parameter in parameters:
            parameter.copy_(parameter.clip(-clip, clip))
    return loss.detach()


# %% right: one_forward
# Scores both batches in one pass and clips by a library function.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    n = len(real)
    scores = critic(torch.cat([real, fake.detach()]))
    loss = scores[n:].mean() - scores[:n].mean()
    critic.zero_grad()
    loss.backward()
    optimizer.step()
    torch.nn.utils.vector_to_parameters(
        torch.clip(torch.nn.utils.parameters_to_vector(critic.parameters()).detach(), -clip, clip),
        critic.parameters(),
    )
    return loss.detach().clone()
