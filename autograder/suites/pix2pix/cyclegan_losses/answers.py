"""Known answers: the objective of both maps, and its parts."""


# %% spoils: outputs_swapped
# Takes the outputs on images of A for the loss of G.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_a - 1).square().mean(),
        "F": (on_fake_b - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: parts_weighted
# Returns the parts with their weights.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": lambda_cycle * (back_a - a).abs().mean(),
        "cycle_B": lambda_cycle * (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: weight_on_adversarial
# Puts the weight of the cycle on the adversarial part.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        lambda_cycle * (losses["G"] + losses["F"])
        + losses["cycle_A"]
        + losses["cycle_B"]
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: identity_relative
# Takes the weight of the identity as a share of that of the cycle.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_cycle * lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: one_way
# Weights the way back of one domain only.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * losses["cycle_A"]
        + losses["cycle_B"]
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: squared_cycle
# Takes squared errors for the way back.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).square().mean(),
        "cycle_B": (back_b - b).square().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: identities_swapped
# Swaps the identity parts.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: identity_missing
# Leaves the identity out of the sum.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"] + losses["F"] + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
    )
    return losses


# %% spoils: halved
# Halves the adversarial parts.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": 0.5 * (on_fake_b - 1).square().mean(),
        "F": 0.5 * (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: cycle_averaged
# Averages the two ways back in the sum.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + 0.5 * lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: parts_detached
# Adds up parts that were cut off their graph.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses = {name: value.detach() for name, value in losses.items()}
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: logits
# Takes the outputs for logits.
from torch import nn


def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": nn.functional.softplus(-on_fake_b).mean(),
        "F": nn.functional.softplus(-on_fake_a).mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% corner: never_refuses
# Treats missing images as a loss of 0 whatever the weight.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if False and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% corner: needs_both
# Gives no identity part unless both images are there.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(())
        if same_a is None or same_b is None
        else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(())
        if same_a is None or same_b is None
        else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: identity_skipped_at_zero
# Gives no identity part where its weight is 0, though the images are there.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if lambda_identity == 0 else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if lambda_identity == 0 else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% spoils: cycle_skipped_at_zero
# Gives no cycle parts where their weight is 0.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    if lambda_cycle == 0:
        losses["cycle_A"] = losses["cycle_B"] = a.new_zeros(())
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% corner: plain_zero
# Gives a zero in single precision for images that are missing.
import torch


def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": torch.zeros((), dtype=torch.float16)
        if same_b is None
        else (same_b - b).abs().mean(),
        "identity_F": torch.zeros((), dtype=torch.float16)
        if same_a is None
        else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% corner: single_precision
# Computes the ways back in float32.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError("images are missing")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).float().abs().mean().to(a.dtype),
        "cycle_B": (back_b - b).float().abs().mean().to(b.dtype),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses


# %% right: library
# Uses the library's losses, and another order of the keys.
import torch
from torch import nn


def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    l1, mse = nn.functional.l1_loss, nn.functional.mse_loss
    if lambda_identity and (same_a is None or same_b is None):
        raise ValueError
    zero = torch.zeros((), dtype=a.dtype, device=a.device)
    cycle_A, cycle_B = l1(back_a, a), l1(back_b, b)
    identity_F = zero if same_a is None else l1(same_a, a)
    identity_G = zero if same_b is None else l1(same_b, b)
    of_G = mse(on_fake_b, torch.ones_like(on_fake_b))
    of_F = mse(on_fake_a, torch.ones_like(on_fake_a))
    total = of_G + of_F + lambda_cycle * cycle_A + lambda_cycle * cycle_B
    if lambda_identity:
        total = total + lambda_identity * identity_G + lambda_identity * identity_F
    return dict(
        total=total,
        identity_F=identity_F,
        identity_G=identity_G,
        cycle_A=cycle_A,
        cycle_B=cycle_B,
        F=of_F,
        G=of_G,
    )


# %% right: loop
# Adds weighted parts in a loop.
def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    if lambda_identity != 0:
        if same_a is None or same_b is None:
            raise ValueError("no images")
    losses = {"G": ((1 - on_fake_b) ** 2).mean(), "F": ((1 - on_fake_a) ** 2).mean()}
    pairs = {
        "cycle_A": (back_a, a),
        "cycle_B": (back_b, b),
        "identity_G": (same_b, b),
        "identity_F": (same_a, a),
    }
    total = sum(losses.values())
    for name, (x, y) in pairs.items():
        losses[name] = 0 * a.detach().sum() if x is None else (x - y).abs().mean()
        weight = lambda_cycle if name.startswith("cycle") else lambda_identity
        total = total + weight * losses[name]
    losses["total"] = total
    return losses


# %% right: ordered
# Returns an ordered dict.
from collections import OrderedDict


def cyclegan_losses(
    on_fake_a,
    on_fake_b,
    a,
    b,
    back_a,
    back_b,
    same_a=None,
    same_b=None,
    lambda_cycle=10.0,
    lambda_identity=0.0,
):
    def error(x, y):
        return a.new_tensor(0.0) if x is None else (x - y).abs().sum() / y.numel()

    if lambda_identity != 0 and not (same_a is not None and same_b is not None):
        raise ValueError("give both images")
    losses = OrderedDict(G=(on_fake_b - 1).pow(2).mean(), F=(on_fake_a - 1).pow(2).mean())
    losses.update(cycle_A=error(back_a, a), cycle_B=error(back_b, b))
    losses.update(identity_G=error(same_b, b), identity_F=error(same_a, a))
    weights = [1, 1, lambda_cycle, lambda_cycle, lambda_identity, lambda_identity]
    losses["total"] = sum(w * x for w, x in zip(weights, list(losses.values())))
    return losses
