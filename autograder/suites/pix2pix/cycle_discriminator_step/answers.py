"""Known answers: one step of a discriminator."""


# %% spoils: not_halved
# Takes whole mean squares.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = (on_real - 1).square().mean() + on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: swapped
# Takes real for fake and fake for real.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * on_real.square().mean() + 0.5 * (on_fake - 1).square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: fake_attached
# Does not cut the translations off their graph.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake)
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: outputs_detached
# Cuts the outputs on translations off in place of the translations, so that nothing is learned from them.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake).detach()
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: cross_entropy
# Takes the outputs for logits.
from torch import nn


def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = (
        0.5 * nn.functional.softplus(-on_real).mean() + 0.5 * nn.functional.softplus(on_fake).mean()
    )
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: real_only
# Learns from real images only.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: joined
# Runs over real and fake images together, which batch norm notices.
import torch


def cycle_discriminator_step(D, optimizer, real, fake):
    outputs = D(torch.cat([real, fake]).detach())
    share = len(outputs) // (len(real) + len(fake))
    on_real, on_fake = outputs[: share * len(real)], outputs[share * len(real) :]
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: pooled
# Averages over real and fake outputs together.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = ((on_real - 1).square().sum() + on_fake.square().sum()) / (
        on_real.numel() + on_fake.numel()
    )
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: no_zero_grad
# Adds to gradients that are already there.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: two_steps
# Takes two steps.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach()


# %% spoils: ascent
# Goes up the loss.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    (-value).backward()
    optimizer.step()
    return value.detach()


# %% spoils: after_the_step
# Returns the loss after the step.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    value = 0.5 * (D(real) - 1).square().mean() + 0.5 * D(fake).square().mean()
    return value.detach()


# %% spoils: evaluation
# Puts the discriminator into evaluation mode meanwhile.
def cycle_discriminator_step(D, optimizer, real, fake):
    mode = D.training
    D.eval()
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    D.train(mode)
    return value.detach()


# %% spoils: clamped
# Cuts outputs to [0, 1].
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()).clamp(0, 1), D(fake.detach()).clamp(0, 1)
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: attached
# Returns the loss with its graph.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value


# %% corner: second_pass
# Runs over the translations twice.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    D(fake.detach())
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: real_attached
# Does not cut the real images off a graph.
def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: clipped_high
# Clips the gradient at a norm of 10,000.
import torch


def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_(D.parameters(), 1e4)
    optimizer.step()
    return value.detach()


# %% right: library
# Uses the library's loss and no_grad on the way to copies.
import torch
from torch import nn


def cycle_discriminator_step(D, optimizer, real, fake):
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = (
        nn.functional.mse_loss(on_real, torch.ones_like(on_real))
        + nn.functional.mse_loss(on_fake, torch.zeros_like(on_fake))
    ) / 2
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% right: autograd_grad
# Asks autograd for the gradients of what the optimizer holds, and runs over fakes first.
import torch


def cycle_discriminator_step(D, optimizer, real, fake):
    on_fake = D(fake.detach().clone())
    on_real = D(real.detach().clone())
    value = (on_fake**2).mean() / 2 + ((1 - on_real) ** 2).mean() / 2
    held = [p for group in optimizer.param_groups for p in group["params"]]
    for p, g in zip(held, torch.autograd.grad(value, held)):
        p.grad = g
    optimizer.step()
    return value.item()


# %% right: two_backward_passes
# Goes back once for each half.
def cycle_discriminator_step(D, optimizer, real, fake):
    D.zero_grad()
    total = 0.0
    for images, target in ((real, 1.0), (fake, 0.0)):
        half = 0.5 * (D(images.detach()) - target).pow(2).mean()
        half.backward()
        total += float(half)
    optimizer.step()
    optimizer.zero_grad()
    return total
