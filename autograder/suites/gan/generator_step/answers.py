"""Known answers: One step of the generator."""


# %% spoils: ascent
# Goes up the loss.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    (-value).backward()
    optimizer.step()
    return value.detach()


# %% corner: attached
# Returns the loss with its graph, which keeps every batch in memory.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value


# %% spoils: clipped
# Clips the norm of the gradient.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    torch.nn.utils.clip_grad_norm_(generator.parameters(), 0.1)
    optimizer.step()
    return value.detach()


# %% spoils: detached
# Cuts the gradient before the discriminator, so that the generator learns nothing.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z).detach()))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: discriminator_cleared
# Clears the discriminator's gradients instead of the generator's.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    discriminator.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: discriminator_frozen
# Switches the discriminator's gradients off for good.
def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.requires_grad_(False)
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: discriminator_moves
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


# %% spoils: eval_meanwhile
# Puts the discriminator into evaluation mode meanwhile, and afterwards into training mode.
def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.eval()
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.train()
    return value.detach()


# %% spoils: eval_restored
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


# %% spoils: loss_after
# Returns the loss after the step.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    loss(discriminator(generator(z))).backward()
    optimizer.step()
    return loss(discriminator(generator(z))).item()


# %% spoils: no_zero_grad
# Adds to the gradients that are already there.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: own_noise
# Draws codes of its own.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(torch.randn_like(z))))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: sigmoid
# Hands the loss probabilities instead of outputs.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)).sigmoid())
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: step_before_backward
# Steps before the gradients are there, so that each step uses those of the last call.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    optimizer.step()
    optimizer.zero_grad()
    value.backward()
    return value.detach()


# %% spoils: two_steps
# Takes two steps with one gradient.
def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach()


# %% spoils: zero_grad_after
# Clears the gradients after its step, not those left before it.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    optimizer.zero_grad()
    return value.detach()


# %% spoils: zero_grad_too_late
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


# %% corner: thawed
# Switches the discriminator's gradients off meanwhile, and all of them on, frozen ones too.
def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.requires_grad_(False)
    optimizer.zero_grad(set_to_none=False)
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    discriminator.requires_grad_(True)
    return value.item()


# %% spoils: generator_in_evaluation
# Puts the generator into evaluation mode meanwhile, in which batch norm is another function.
def generator_step(generator, discriminator, optimizer, z, loss):
    was_training = generator.training
    generator.eval()
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    generator.train(was_training)
    return value.detach()


# %% spoils: codes_clamped
# Cuts codes to [-2, 2].
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z.clamp(-2, 2))))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: codes_kept
# Keeps the codes of the first call and trains on those.
CODES = {}


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(CODES.setdefault(id(generator), z))))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: first_group_cleared
# Clears the gradients of the optimizer's first parameter group only.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    for p in optimizer.param_groups[0]["params"]:
        p.grad = None
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: second_pass
# Runs the networks once more for the value that it returns.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    with torch.no_grad():
        before = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    loss(discriminator(generator(z))).backward()
    optimizer.step()
    return before


# %% corner: clipped_high
# Clips the norm of the gradient at 100.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_(generator.parameters(), 100.0)
    optimizer.step()
    return value.detach()


# %% corner: outputs_squeezed
# Takes away the axes of size one before it hands the outputs to the loss.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)).squeeze())
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: codes_marked
# Has the codes need gradients.
def generator_step(generator, discriminator, optimizer, z, loss):
    z.requires_grad_()
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: evaluation_mode_ended
# Puts both networks into training mode after the step.
def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    generator.train()
    discriminator.train()
    return value.detach()


# %% corner: statistics_put_back
# Puts the running statistics of the discriminator's batch norm back to what they were.
import copy


def generator_step(generator, discriminator, optimizer, z, loss):
    state = copy.deepcopy(discriminator.state_dict())
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    discriminator.load_state_dict(state)
    return value.detach()


# %% right: requires_grad
# Switches the discriminator's gradients off meanwhile, and those that were on back on.
def generator_step(generator, discriminator, optimizer, z, loss):
    on = [p for p in discriminator.parameters() if p.requires_grad]
    for p in on:
        p.requires_grad_(False)
    optimizer.zero_grad(set_to_none=False)
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    for p in on:
        p.requires_grad_(True)
    return value.item()


# %% right: both_cleared
# Clears the gradients of both networks, before and after.
def generator_step(generator, discriminator, optimizer, z, loss):
    generator.zero_grad()
    discriminator.zero_grad()
    output = discriminator(generator(z))
    value = loss(output)
    value.backward()
    optimizer.step()
    generator.zero_grad()
    discriminator.zero_grad()
    return value.detach().cpu()


# %% right: held_parameters
# Takes gradients for what the optimizer holds, group by group.
import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    held = [p for group in optimizer.param_groups for p in group["params"] if p.requires_grad]
    for p, g in zip(held, torch.autograd.grad(value, held, allow_unused=True), strict=True):
        p.grad = g
    optimizer.step()
    return value.detach()
