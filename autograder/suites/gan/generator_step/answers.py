"""Known answers: One step of the generator."""


# %% wrong: ascent
# Goes up the loss.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    (-value).backward()
    optimizer.step()
    return value.detach()


# %% wrong: attached
# Returns the loss with its graph, which keeps every batch in memory.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value


# %% wrong: clipped
# Clips the norm of the gradient.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    torch.nn.utils.clip_grad_norm_(generator.parameters(), 0.1)
    optimizer.step()
    return value.detach()


# %% wrong: detached
# Cuts the gradient before the discriminator, so that the generator learns nothing.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: discriminator_cleared
# Clears the discriminator's gradients instead of the generator's.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    discriminator.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: discriminator_frozen
# Switches the discriminator's gradients off for good.
def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.requires_grad_(False)
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: discriminator_moves
# Moves the discriminator as well, in the opposite direction.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    discriminator.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    with torch.no_grad():
        for p in discriminator.parameters():
            p += 1e-3 * p.grad
    return value.detach()


# %% wrong: eval_meanwhile
# Puts the discriminator into evaluation mode meanwhile, and afterwards into training mode.
def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.train()
    return value.detach()


# %% wrong: eval_restored
# Puts the discriminator into evaluation mode meanwhile, in which batch norm is another function.
def generator_step(generator, discriminator, optimizer, z, loss):
    was_training = discriminator.training
    discriminator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.train(was_training)
    return value.detach()


# %% wrong: loss_after
# Returns the loss after the step.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    loss(discriminator(generator(z))).backward()
    optimizer.step()
    return loss(discriminator(generator(z))).item()


# %% wrong: no_zero_grad
# Adds to the gradients that are already there.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: own_noise
# Draws codes of its own.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(torch.randn_like(z))))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: sigmoid
# Hands the loss probabilities instead of outputs.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)).sigmoid())
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: step_before_backward
# Steps before the gradients are there, so that each step uses those of the last call.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    optimizer.step()
    optimizer.zero_grad()
    value.backward()
    return value.detach()


# %% wrong: two_steps
# Takes two steps with one gradient.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach()


# %% wrong: zero_grad_after
# Clears the gradients after its step, not those left before it.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    optimizer.zero_grad()
    return value.detach()


# %% wrong: zero_grad_too_late
# Clears the gradients between backward and step.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.zero_grad()
    optimizer.step()
    return value.detach()


# %% right: autograd_grad
# Asks autograd for the generator's gradients alone.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    before = loss(discriminator(generator(z)))
    parameters = [p for p in generator.parameters()]
    for p, g in zip(parameters, torch.autograd.grad(before, parameters), strict=True):
        p.grad = g
    optimizer.step()
    return before.detach().clone()


# %% right: by_parts
# Takes the gradient of the loss at the images first, and hands it to the generator.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    images = generator(z)
    seen = images.detach().requires_grad_()
    value = loss(discriminator(seen))
    (at_images,) = torch.autograd.grad(value, seen)
    optimizer.zero_grad()
    images.backward(at_images)
    optimizer.step()
    return value.detach()


# %% right: closure
# Hands the optimizer a closure.
def generator_step(generator, discriminator, optimizer, z, loss):
    def closure():
        generator.zero_grad()
        value = loss(discriminator(generator(z)))
        value.backward()
        return value

    return float(optimizer.step(closure).detach())


# %% right: requires_grad
# Switches the discriminator's gradients off meanwhile, and back on.
def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.requires_grad_(False)
    optimizer.zero_grad(set_to_none=False)
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.requires_grad_(True)
    return value.item()
