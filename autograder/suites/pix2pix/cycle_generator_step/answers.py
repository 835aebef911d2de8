"""Known answers: one step of both maps."""


# %% spoils: fakes_detached
# Cuts the translations off before the discriminators judge them, so that nothing is learned from them.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a.detach()), D_B(fake_b.detach()), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: cycle_detached
# Cuts the round trips in the middle.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b.detach()), G(fake_a.detach())
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: judges_swapped
# Has each translation judged by the other discriminator.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_B(fake_a), D_A(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: outputs_swapped
# Hands over the outputs in the other order.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_B(fake_b), D_A(fake_a), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: trips_swapped
# Hands over the round trips in the other order.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(
        D_A(fake_a),
        D_B(fake_b),
        a,
        b,
        back_b[: len(a)].expand_as(a) if len(back_b) == 1 else back_b,
        back_a,
        same_a,
        same_b,
    )
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: maps_swapped
# Sends images of A through F first.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = F(a), G(b)
    back_a, back_b = G(fake_b), F(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: identity_of_sources
# Hands over translations where what stays the same was asked for.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(b), G(a)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: identity_ignored
# Never computes the images of the identity loss.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = None, None
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: no_zero_grad
# Adds to gradients that are already there.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: judges_move
# Moves the discriminators as well, against the maps.
import torch


def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    with torch.no_grad():
        for p in [*D_A.parameters(), *D_B.parameters()]:
            p += 1e-3 * p.grad
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: judges_frozen
# Switches the gradients of the discriminators off for good.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    D_A.requires_grad_(False)
    D_B.requires_grad_(False)
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: judges_in_evaluation
# Puts the discriminators into evaluation mode meanwhile.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    modes = D_A.training, D_B.training
    D_A.eval(), D_B.eval()
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    D_A.train(modes[0]), D_B.train(modes[1])
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: left_in_training
# Puts all networks into training mode.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    [net.train() for net in (G, F, D_A, D_B)]
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: two_steps
# Takes a step for each map, the second with gradients of before the first.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: after_the_step
# Returns translations of after the step.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), F(b).detach(), G(a).detach()


# %% spoils: returned_swapped
# Returns G(a) first.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_b.detach(), fake_a.detach()


# %% spoils: one_pass_for_both
# Joins images and translations to one batch for each map.
import torch


def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    n, m = len(a), len(b)
    fake_b, back_b = G(torch.cat([a, fake_a])).split([n, m])
    fake_a, back_a = F(torch.cat([b, fake_b])).split([m, n])
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% spoils: clipped
# Clips the gradient.
import torch


def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_([*G.parameters(), *F.parameters()], 0.1)
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% corner: clipped_high
# Clips the gradient at a norm of 1000.
import torch


def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_([*G.parameters(), *F.parameters()], 1000.0)
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% corner: attached
# Returns the translations with their graph.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a, fake_b


# %% corner: once_more
# Translates once more for what it returns.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    kept = F(b).detach(), G(a).detach()
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), *kept


# %% corner: thawed
# Switches the discriminators' gradients off meanwhile, and all of them on, frozen ones too.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    [D.requires_grad_(False) for D in (D_A, D_B)]
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    [D.requires_grad_(True) for D in (D_A, D_B)]
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% corner: squeezed
# Takes away axes of size one before the loss.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(
        D_A(fake_a).squeeze(1), D_B(fake_b).squeeze(1), a, b, back_a, back_b, same_a, same_b
    )
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% corner: all_moved
# Moves every parameter of the maps by hand, what the optimizer holds or not.
import torch


def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    optimizer.step()
    with torch.no_grad():
        for p in [*G.parameters(), *F.parameters()]:
            if id(p) not in held:
                p -= 0.05 * p.grad
    return value.detach(), fake_a.detach(), fake_b.detach()


# %% right: frozen_meanwhile
# Switches gradients of the discriminators off meanwhile, and those that were on back on.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    on = [p for D in (D_A, D_B) for p in D.parameters() if p.requires_grad]
    for p in on:
        p.requires_grad_(False)
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    for p in on:
        p.requires_grad_(True)
    return value.item(), fake_a.detach(), fake_b.detach()


# %% right: autograd_grad
# Asks autograd for the gradients of what the optimizer holds.
from collections import namedtuple

import torch

Step = namedtuple("Step", ["loss", "fake_a", "fake_b"])


def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    fake_a = F(b)
    back_b = G(fake_a)
    fake_b = G(a)
    back_a = F(fake_b)
    same = [F(a), G(b)] if identity else [None] * 2
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, *same)
    held = [p for group in optimizer.param_groups for p in group["params"]]
    for p, g in zip(held, torch.autograd.grad(value, held)):
        p.grad = g
    optimizer.step()
    return Step(value.detach(), fake_a.detach(), fake_b.detach())


# %% right: closure
# Hands the optimizer a closure.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    kept = []

    def closure():
        for net in (G, F, D_A, D_B):
            net.zero_grad()
        fake_b, fake_a = G(a), F(b)
        parts = [D_A(fake_a), D_B(fake_b), a, b, F(fake_b), G(fake_a), None, None]
        if identity:
            parts[6:] = F(a), G(b)
        kept.extend([fake_a.detach().clone(), fake_b.detach().clone()])
        value = loss(*parts)
        value.backward()
        return value

    return [float(optimizer.step(closure)), *kept]


# %% right: no_grad_copies
# Sets gradients to zero tensors, and clears those of the discriminators afterwards.
def cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=False):
    translated = {"a": F(b), "b": G(a)}
    value = loss(
        D_A(translated["a"]),
        D_B(translated["b"]),
        a,
        b,
        F(translated["b"]),
        G(translated["a"]),
        F(a) if identity else None,
        G(b) if identity else None,
    )
    optimizer.zero_grad(set_to_none=False)
    value.backward()
    optimizer.step()
    D_A.zero_grad()
    D_B.zero_grad()
    return value.detach().cpu(), translated["a"].detach(), translated["b"].detach()
