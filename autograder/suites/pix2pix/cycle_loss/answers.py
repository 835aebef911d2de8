"""Known answers: the cycle losses of both domains."""


# %% spoils: maps_swapped
# Sends images of A through F first.
def cycle_loss(G, F, a, b):
    return (G(F(a)) - a).abs().mean(), (F(G(b)) - b).abs().mean()


# %% spoils: one_direction
# Takes the first domain's way back twice.
def cycle_loss(G, F, a, b):
    loss = (F(G(a)) - a).abs().mean()
    return loss, loss


# %% spoils: order_swapped
# Returns the loss of B first.
def cycle_loss(G, F, a, b):
    return (G(F(b)) - b).abs().mean(), (F(G(a)) - a).abs().mean()


# %% spoils: squared
# Takes squared errors.
def cycle_loss(G, F, a, b):
    return (F(G(a)) - a).square().mean(), (G(F(b)) - b).square().mean()


# %% spoils: summed
# Takes the sum over the pixels for the norm.
def cycle_loss(G, F, a, b):
    return (F(G(a)) - a).abs().sum() / len(a), (G(F(b)) - b).abs().sum() / len(b)


# %% spoils: translation_detached
# Cuts the graph in the middle, so that each map learns from one of the losses only.
def cycle_loss(G, F, a, b):
    return (F(G(a).detach()) - a).abs().mean(), (G(F(b).detach()) - b).abs().mean()


# %% spoils: no_way_back
# Compares translations with what they came from.
def cycle_loss(G, F, a, b):
    return (G(a) - a).abs().mean(), (F(b) - b).abs().mean()


# %% spoils: against_the_other
# Compares an image with one of the other domain, as if they were pairs.
def cycle_loss(G, F, a, b):
    n = min(len(a), len(b))
    return (F(G(a))[:n] - b[:n]).abs().mean(), (G(F(b))[:n] - a[:n]).abs().mean()


# %% spoils: means_compared
# Compares the means of the images.
def cycle_loss(G, F, a, b):
    return (F(G(a)).mean() - a.mean()).abs(), (G(F(b)).mean() - b.mean()).abs()


# %% spoils: smooth
# Uses the smooth absolute error.
from torch import nn


def cycle_loss(G, F, a, b):
    loss = nn.functional.smooth_l1_loss
    return loss(F(G(a)), a), loss(G(F(b)), b)


# %% spoils: weighted
# Puts the weight of the paper on the losses.
def cycle_loss(G, F, a, b):
    return 10 * (F(G(a)) - a).abs().mean(), 10 * (G(F(b)) - b).abs().mean()


# %% spoils: root_of_squares
# Takes the root of squares, whose gradient is nan where the way back is exact.
def cycle_loss(G, F, a, b):
    return (F(G(a)) - a).square().sqrt().mean(), (G(F(b)) - b).square().sqrt().mean()


# %% corner: together
# Joins images and translations in one call of each map, which batch norm would notice.
import torch


def cycle_loss(G, F, a, b):
    fake_b, fake_a = G(a), F(b)
    first, second = F(fake_b), G(fake_a)
    F(fake_b), G(fake_a)
    return (first - a).abs().mean(), (second - b).abs().mean()


# %% corner: single_precision
# Computes in float32.
def cycle_loss(G, F, a, b):
    return (
        (F(G(a)).float() - a.float()).abs().mean().to(a.dtype),
        (G(F(b)).float() - b.float()).abs().mean().to(b.dtype),
    )


# %% corner: in_place
# Takes the image away from the round trip within the caller's tensor.
def cycle_loss(G, F, a, b):
    back_a, back_b = F(G(a)), G(F(b))
    a.data.sub_(back_a.detach()).add_(back_a.detach())
    return (back_a - a).abs().mean(), (back_b - b.data.mul_(1.0).add_(1e-3).sub_(1e-3)).abs().mean()


# %% right: library
# Uses the library's L1 loss.
from torch import nn


def cycle_loss(G, F, a, b):
    fake_a, fake_b = F(b), G(a)
    return nn.functional.l1_loss(F(fake_b), a), nn.functional.l1_loss(G(fake_a), b)


# %% right: loops
# Adds up image by image after whole batches went through the maps.
from collections import namedtuple

Cycle = namedtuple("Cycle", ["A", "B"])


def cycle_loss(G, F, a, b):
    def apart(back, x):
        return sum((one - other).abs().sum() for one, other in zip(back, x)) / x.numel()

    return Cycle(apart(F(G(a)), a), apart(G(F(b)), b))


# %% right: signs
# Multiplies differences by their signs.
def cycle_loss(G, F, a, b):
    def apart(back, x):
        difference = (back - x).flatten()
        return difference @ difference.sign() / difference.numel()

    return [apart(F(G(a)), a), apart(G(F(b)), b)]
