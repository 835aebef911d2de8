"""Known answers: A critic's step with weight clipping."""

# %% corner: buffers_too
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


# %% spoils: clip_before
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


# %% spoils: clip_first
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


# %% spoils: estimate_returned
# Returns the estimate of the distance instead of the loss.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return -loss.item()


# %% spoils: five_steps
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


# %% spoils: gradients_clipped
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


# %% corner: graph_kept
# Returns the loss with its graph, which keeps every batch in memory.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss


# %% spoils: largest_scaled
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


# %% spoils: logits
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


# %% corner: loss_after
# Returns the loss after the step.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return (critic(fake.detach()).mean() - critic(real).mean()).item()


# %% spoils: no_zero_grad
# Adds to the gradients that are already there.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% spoils: norm_clipped
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


# %% spoils: not_detached
# Lets gradients flow into the generator that made the fake batch.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% spoils: swapped
# Scores fake data high, and returns the loss as it should be.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% spoils: upper_bound_only
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


# %% spoils: weights_only
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


# %% spoils: zero_grad_after
# Clears the gradients after its step, not those that another loss left before it.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% spoils: children_only
# Clips the layers of the critic itself, not those of networks within it.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for layer in critic.children():
        for name in ("weight", "bias"):
            if getattr(layer, name, None) is not None:
                getattr(layer, name).data.clamp_(-clip, clip)
    return loss.item()


# %% spoils: fake_without_graph
# Scores the fake batch without a graph, so that only real data teach the critic.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    with torch.no_grad():
        fake_scores = critic(fake)
    loss = fake_scores.mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% spoils: paired
# Subtracts scores pair by pair after squeeze, which a batch of one turns into numbers to index.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    fake_scores, real_scores = critic(fake.detach()).squeeze(), critic(real).squeeze()
    loss = sum(fake_scores) / len(fake_scores) - sum(real_scores) / len(real_scores)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% spoils: weight_decay
# Shrinks the weights a little before it clips them.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.mul_(0.99).clamp_(-clip, clip)
    return loss.item()


# %% corner: clip_zero_for_none
# Takes a clip of 0 for none.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if clip:
        for parameter in critic.parameters():
            parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% corner: with_gradient_only
# Clips the parameters that have a gradient.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        if parameter.grad is not None:
            parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% corner: what_the_optimizer_holds
# Clips what the optimizer holds.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% corner: first_group
# Clips the first group of the optimizer.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in optimizer.param_groups[0]["params"]:
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% corner: by_name
# Clips what is called weight or bias.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for name, parameter in critic.named_parameters():
        if name.endswith(("weight", "bias")):
            parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% corner: thawed
# Makes all parameters need gradients.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    for parameter in critic.parameters():
        parameter.requires_grad = True
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% corner: second_pass
# Runs the critic a second time for the loss that it returns.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    with torch.no_grad():
        value = float(critic(fake).mean() - critic(real).mean())
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return value


# %% corner: put_into_training_mode
# Puts the critic into training mode.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    critic.train()
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    return loss.item()


# %% corner: fake_in_place
# Clamps the fake batch of the caller once it is done.
def wgan_clip_step(critic, optimizer, real, fake, clip):
    loss = critic(fake.detach()).mean() - critic(real).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter in critic.parameters():
        parameter.data.clamp_(-clip, clip)
    fake.data.clamp_(-1, 1)
    return loss.item()


# %% right: vector
# Clips all parameters as one vector, and asks for the gradients of two losses.
import torch
from torch.nn import utils


def wgan_clip_step(critic, optimizer, real, fake, clip):
    critic.zero_grad()
    up = critic(real).sum() / len(real)
    up.neg().backward()
    down = critic(fake.clone().detach()).sum() / len(fake)
    down.backward()
    optimizer.step()
    flat = utils.parameters_to_vector(critic.parameters()).detach().clamp(-clip, clip)
    utils.vector_to_parameters(flat, critic.parameters())
    return (down - up).item()


# %% right: recursive
# Clips by a function that the critic applies to each of its modules.
import torch


def wgan_clip_step(critic, optimizer, real, fake, clip):
    @torch.no_grad()
    def clip_module(module):
        for parameter in module.parameters(recurse=False):
            torch.clamp_(parameter, min=-clip, max=clip)

    optimizer.zero_grad()
    loss = critic_loss(real_scores=critic(real), fake_scores=critic(fake.detach()))
    loss.backward()
    optimizer.step()
    critic.apply(clip_module)
    return loss.detach()


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
    learning = [parameter for parameter in critic.parameters() if parameter.requires_grad]
    loss = torch.mean(critic(fake.detach())) - torch.mean(critic(real))
    for parameter, gradient in zip(learning, torch.autograd.grad(loss, learning), strict=True):
        parameter.grad = gradient
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.copy_(parameter.clip(-clip, clip))
    return loss.detach()


# %% corner: one_forward
# Scores both batches in one pass, which mixes the statistics of a batch norm.
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
