"""Known answers: One step of the discriminator."""


# %% wrong: ascent
# Goes up the loss.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    (-value).backward()
    optimizer.step()
    return value.detach()


# %% wrong: attached
# Returns the loss with its graph, which keeps every batch in memory.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value


# %% wrong: by_hand
# Moves all parameters by hand with the learning rate, past the optimizer.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    grads = torch.autograd.grad(value, list(discriminator.parameters()))
    with torch.no_grad():
        for p, g in zip(discriminator.parameters(), grads, strict=True):
            p -= optimizer.param_groups[0]["lr"] * g
    return value.detach()


# %% wrong: eval_left
# Leaves the generator in evaluation mode.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    generator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: fake_output_detached
# Detaches the outputs on the fakes, so that the discriminator learns from real images only.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)).detach())
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: generator_cleared
# Lets gradients flow into the generator and clears them afterwards, with those that were there.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    generator.zero_grad()
    return value.detach()


# %% wrong: generator_frozen
# Switches the generator's gradients off for good.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    generator.requires_grad_(False)
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: loss_after
# Returns the loss after the step.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z).detach()
    optimizer.zero_grad()
    loss(discriminator(x), discriminator(fake)).backward()
    optimizer.step()
    return loss(discriminator(x), discriminator(fake)).item()


# %% wrong: no_zero_grad
# Adds to the gradients that are already there.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: not_detached
# Lets gradients flow into the generator.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: own_noise
# Draws codes of its own.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(torch.randn_like(z)).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: own_optimizer
# Makes an optimizer of its own at every call.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer = torch.optim.SGD(discriminator.parameters(), lr=optimizer.param_groups[0]["lr"])
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: sigmoid
# Hands the loss probabilities instead of outputs.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x).sigmoid(), discriminator(generator(z).detach()).sigmoid())
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: sizes_tied
# Takes as many fakes as there are real images.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z[: len(x)]).detach()
    optimizer.zero_grad()
    value = loss(discriminator(x[: len(fake)]), discriminator(fake))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: step_before_backward
# Steps before the gradients are there, so that each step uses those of the last call.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    optimizer.step()
    optimizer.zero_grad()
    value.backward()
    return value.detach()


# %% wrong: swapped
# Hands the loss the fakes first.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z).detach()), discriminator(x))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: train_mode_left
# Puts the discriminator into training mode and leaves it there.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    discriminator.train()
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% wrong: two_steps
# Takes two steps with one gradient.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach()


# %% wrong: zero_grad_after
# Clears the gradients after its step, not those that the generator's step left before it.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    optimizer.zero_grad()
    return value.detach()


# %% wrong: zero_grad_too_late
# Clears the gradients between backward and step.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.zero_grad()
    optimizer.step()
    return value.detach()


# %% right: autograd_grad
# Asks autograd for the discriminator's gradients alone.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z)))
    parameters = list(discriminator.parameters())
    for p, g in zip(parameters, torch.autograd.grad(value, parameters), strict=True):
        p.grad = g
    optimizer.step()
    return value.detach().clone()


# %% right: backward_inputs
# Tells backward which tensors get gradients.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward(inputs=list(discriminator.parameters()))
    optimizer.step()
    return value.detach()


# %% right: closure
# Hands the optimizer a closure.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z).detach()

    def closure():
        optimizer.zero_grad()
        value = loss(discriminator(x), discriminator(fake))
        value.backward()
        return value

    return float(optimizer.step(closure).detach())


# %% right: fakes_first
# Shows the discriminator the fakes first, and clears gradients with a loop.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    on_fake = discriminator(generator(z).data)
    on_real = discriminator(x)
    for p in discriminator.parameters():
        p.grad = None
    result = loss(on_real, on_fake)
    result.backward()
    optimizer.step()
    return result.data


# %% right: no_grad
# Makes the fakes without a graph.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    with torch.no_grad():
        fake = generator(z)
    optimizer.zero_grad(set_to_none=False)
    value = loss(discriminator(x), discriminator(fake))
    value.backward()
    optimizer.step()
    return value.item()


# %% right: requires_grad
# Switches the generator's gradients off meanwhile, and back on.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    for p in generator.parameters():
        p.requires_grad_(False)
    loss_before = loss(discriminator(x), discriminator(generator(z)))
    discriminator.zero_grad()
    loss_before.backward()
    optimizer.step()
    for p in generator.parameters():
        p.requires_grad_(True)
    return float(loss_before.detach())
