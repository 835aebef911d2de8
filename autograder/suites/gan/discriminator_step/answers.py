"""Known answers: One step of the discriminator."""


# %% spoils: ascent
# Goes up the loss.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    (-value).backward()
    optimizer.step()
    return value.detach()


# %% corner: attached
# Returns the loss with its graph, which keeps every batch in memory.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value


# %% spoils: by_hand
# Moves all parameters by hand with the learning rate, past the optimizer.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    grads = torch.autograd.grad(value, list(discriminator.parameters()))
    with torch.no_grad():
        for p, g in zip(discriminator.parameters(), grads, strict=True):
            p -= optimizer.param_groups[0]["lr"] * g
    return value.detach()


# %% spoils: eval_left
# Leaves the generator in evaluation mode.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    generator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: fake_output_detached
# Detaches the outputs on the fakes, so that the discriminator learns from real images only.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)).detach())
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: generator_cleared
# Lets gradients flow into the generator and clears them afterwards, with those that were there.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    generator.zero_grad()
    return value.detach()


# %% spoils: generator_frozen
# Switches the generator's gradients off for good.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    generator.requires_grad_(False)
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: loss_after
# Returns the loss after the step.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z).detach()
    optimizer.zero_grad()
    loss(discriminator(x), discriminator(fake)).backward()
    optimizer.step()
    return loss(discriminator(x), discriminator(fake)).item()


# %% spoils: no_zero_grad
# Adds to the gradients that are already there.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: not_detached
# Lets gradients flow into the generator.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: own_noise
# Draws codes of its own.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(torch.randn_like(z)).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: own_optimizer
# Makes an optimizer of its own at every call.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer = torch.optim.SGD(discriminator.parameters(), lr=optimizer.param_groups[0]["lr"])
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: sigmoid
# Hands the loss probabilities instead of outputs.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x).sigmoid(), discriminator(generator(z).detach()).sigmoid())
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: sizes_tied
# Takes as many fakes as there are real images.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z[: len(x)]).detach()
    optimizer.zero_grad()
    value = loss(discriminator(x[: len(fake)]), discriminator(fake))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: step_before_backward
# Steps before the gradients are there, so that each step uses those of the last call.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    optimizer.step()
    optimizer.zero_grad()
    value.backward()
    return value.detach()


# %% spoils: swapped
# Hands the loss the fakes first.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z).detach()), discriminator(x))
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: train_mode_left
# Puts the discriminator into training mode and leaves it there.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    discriminator.train()
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: two_steps
# Takes two steps with one gradient.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach()


# %% spoils: zero_grad_after
# Clears the gradients after its step, not those that the generator's step left before it.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    optimizer.zero_grad()
    return value.detach()


# %% spoils: zero_grad_too_late
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


# %% corner: thawed
# Switches the generator's gradients off meanwhile, and all of them on, frozen ones too.
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


# %% spoils: joint_pass
# Shows the discriminator real and fake images in one batch.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    outputs = discriminator(torch.cat([x, generator(z).detach()]))
    value = loss(outputs[: len(x)], outputs[len(x) :])
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: fakes_in_evaluation
# Makes the fakes in evaluation mode, in which batch norm is another function, and restores it.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    was_training = generator.training
    generator.eval()
    with torch.no_grad():
        fake = generator(z)
    generator.train(was_training)
    value = loss(discriminator(x), discriminator(fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: real_output_detached
# Shows the real images without a graph, so that the discriminator learns from fakes only.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    with torch.no_grad():
        on_real = discriminator(x)
    value = loss(on_real, discriminator(generator(z).detach()))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: fakes_clamped
# Cuts codes to [-2, 2].
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z.clamp(-2, 2)).detach()))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: fakes_kept
# Keeps the fakes of the first call and trains on those.
FAKES = {}


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = FAKES.setdefault(id(discriminator), generator(z).detach())
    value = loss(discriminator(x), discriminator(fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: second_pass
# Runs the networks once more for the value that it returns.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    with torch.no_grad():
        before = loss(discriminator(x), discriminator(generator(z)))
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return before


# %% corner: generator_twice
# Makes the fakes twice, once to see their shape.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    with torch.no_grad():
        fake = torch.empty_like(generator(z)).copy_(generator(z))
    value = loss(discriminator(x), discriminator(fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: clipped
# Clips the norm of the gradient at 100.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_(discriminator.parameters(), 100.0)
    optimizer.step()
    return value.detach()


# %% corner: outputs_flattened
# Flattens the outputs before it hands them to the loss.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    on_real, on_fake = discriminator(x), discriminator(generator(z).detach())
    value = loss(on_real.view(-1), on_fake.view(-1))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: batch_marked
# Has the real images need gradients.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    x.requires_grad_()
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: first_group_cleared
# Clears the gradients of the optimizer's first parameter group only.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    for p in optimizer.param_groups[0]["params"]:
        p.grad = None
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: past_the_optimizer
# Decays the weights of the discriminator that the optimizer doesn't hold.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    value = loss(discriminator(x), discriminator(generator(z).detach()))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    with torch.no_grad():
        for p in discriminator.parameters():
            if id(p) not in held:
                p.mul_(0.999)
    return value.detach()


# %% right: requires_grad
# Switches the generator's gradients off meanwhile, and those that were on back on.
def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    on = [p for p in generator.parameters() if p.requires_grad]
    for p in on:
        p.requires_grad_(False)
    loss_before = loss(discriminator(x), discriminator(generator(z)))
    discriminator.zero_grad()
    loss_before.backward()
    optimizer.step()
    for p in on:
        p.requires_grad_(True)
    return float(loss_before.detach())


# %% right: leaves
# Makes the outputs leaves, takes the loss's gradient there, and sends it back in two parts.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    with torch.no_grad():
        fake = generator(z)
    on_real, on_fake = discriminator(x), discriminator(fake)
    leaves = [output.detach().requires_grad_() for output in (on_real, on_fake)]
    value = loss(*leaves)
    at_outputs = torch.autograd.grad(value, leaves)
    optimizer.zero_grad()
    torch.autograd.backward([on_real, on_fake], at_outputs)
    optimizer.step()
    return value.detach().cpu()


# %% right: held_parameters
# Takes gradients for what the optimizer holds, group by group.
import torch


def discriminator_step(generator, discriminator, optimizer, x, z, loss):
    fake = generator(z).detach()
    value = loss(discriminator(x), discriminator(fake))
    held = [p for group in optimizer.param_groups for p in group["params"] if p.requires_grad]
    for p, g in zip(held, torch.autograd.grad(value, held, allow_unused=True), strict=True):
        p.grad = g
    optimizer.step()
    optimizer.zero_grad()
    return value.item()
