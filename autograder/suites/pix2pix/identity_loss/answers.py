"""Known answers: the identity losses of both maps."""


# %% spoils: source_domains
# Asks each map to leave alone the images that it should translate.
def identity_loss(G, F, a, b):
    return (G(a) - a).abs().mean(), (F(b) - b).abs().mean()


# %% spoils: order_swapped
# Returns the loss of F first.
def identity_loss(G, F, a, b):
    return (F(a) - a).abs().mean(), (G(b) - b).abs().mean()


# %% spoils: maps_swapped
# Compares what F does to an image of B with it, and G's work on A.
def identity_loss(G, F, a, b):
    return (F(b) - b).abs().mean(), (G(a) - a).abs().mean()


# %% spoils: round_trip
# Writes the cycle loss again.
def identity_loss(G, F, a, b):
    return (G(F(b)) - b).abs().mean(), (F(G(a)) - a).abs().mean()


# %% spoils: squared
# Takes squared errors.
def identity_loss(G, F, a, b):
    return (G(b) - b).square().mean(), (F(a) - a).square().mean()


# %% spoils: halved
# Multiplies by the one half by which the paper relates the weights.
def identity_loss(G, F, a, b):
    return 0.5 * (G(b) - b).abs().mean(), 0.5 * (F(a) - a).abs().mean()


# %% spoils: summed
# Takes the sum over the pixels for the norm.
def identity_loss(G, F, a, b):
    return (G(b) - b).abs().sum() / len(b), (F(a) - a).abs().sum() / len(a)


# %% spoils: detached
# Compares with no gradient to the map.
def identity_loss(G, F, a, b):
    return (G(b).detach() - b).abs().mean(), (F(a).detach() - a).abs().mean()


# %% spoils: no_gradient
# Gives values only.
import torch


def identity_loss(G, F, a, b):
    with torch.no_grad():
        return (G(b) - b).abs().mean(), (F(a) - a).abs().mean()


# %% spoils: pooled
# Averages over both batches together.
def identity_loss(G, F, a, b):
    total = (G(b) - b).abs().sum() + (F(a) - a).abs().sum()
    loss = total / (a.numel() + b.numel())
    return loss, loss


# %% spoils: image_detached
# Cuts the image that the result is compared with off its graph.
def identity_loss(G, F, a, b):
    return (G(b) - b.detach()).abs().mean(), (F(a) - a.detach()).abs().mean()


# %% corner: called_twice
# Runs each map twice.
def identity_loss(G, F, a, b):
    G(b), F(a)
    return (G(b) - b).abs().mean(), (F(a) - a).abs().mean()


# %% corner: single_precision
# Computes in float32.
def identity_loss(G, F, a, b):
    return (
        (G(b).float() - b.float()).abs().mean().to(b.dtype),
        (F(a).float() - a.float()).abs().mean().to(a.dtype),
    )


# %% right: library
# Uses the library's L1 loss.
from torch import nn


def identity_loss(G, F, a, b):
    return nn.functional.l1_loss(G(b), b), nn.functional.l1_loss(F(a), a)


# %% right: named
# Returns a named tuple.
from collections import namedtuple

Identity = namedtuple("Identity", ["G", "F"])


def identity_loss(G, F, a, b):
    return Identity(F=(a - F(a)).abs().mean(), G=(b - G(b)).abs().mean())


# %% right: relu
# Adds positive and negative parts.
def identity_loss(G, F, a, b):
    def apart(x, y):
        return ((x - y).relu() + (y - x).relu()).mean()

    return [apart(G(b), b), apart(F(a), a)]
