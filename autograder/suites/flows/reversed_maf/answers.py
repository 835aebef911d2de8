"""Known answers: a stack of masked autoregressive flows, reversed between layers."""

# %% spoils: never_reversed
# Leaves the components as they are between the layers.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for conditioner in conditioners:
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: reversed_after_each
# Reverses after the last layer too.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for conditioner in conditioners:
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        z = z.flip(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: reversed_before_each
# Reverses before the first layer too.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for conditioner in conditioners:
        z = z.flip(1)
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: batch_reversed
# Reverses the order of the samples instead of the components.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(0) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: halves_swapped
# Swaps the two halves of the components instead of reversing them.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.roll(z.shape[1] // 2, 1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: once_reversed
# Reverses after the first layer only.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i == 1 else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: layers_backwards
# Goes through the layers from the last to the first.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(reversed(list(conditioners))):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: log_det_subtracted
# Subtracts the log-determinants.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) - log_det


# %% spoils: last_log_det
# Keeps only the last layer's log-determinant.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, log_det = (z - mu) * (-a).exp(), -a.sum(1)
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: no_constant
# Leaves the normal density's constant out.
def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * z.square().sum(1) + log_det


# %% spoils: one_constant
# Counts the constant once instead of once for each component.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square().sum(1) + math.log(2 * math.pi)) + log_det


# %% spoils: prior_at_x
# Takes the prior's density at x.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (x.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: log_det_detached
# Adds the log-determinants as constants.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more.detach()
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: layers_detached
# Detaches what goes from one layer to the next.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1).detach() if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% spoils: averaged
# Averages the log-density over the batch.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    log_prob = -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det
    return z, log_prob.mean().expand(len(x))


# %% corner: no_layers_fail
# Needs at least one layer.
import math


def reversed_maf(conditioners, x):
    mu, a = conditioners[0](x).chunk(2, dim=1)
    z, log_det = (x - mu) * (-a).exp(), -a.sum(1)
    for conditioner in conditioners[1:]:
        z = z.flip(1)
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% corner: density_first
# Computes the density and takes its logarithm, which underflows.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    density = (-0.5 * z.square()).exp().prod(1) / (2 * math.pi) ** (z.shape[1] / 2)
    return z, density.log() + log_det


# %% corner: list_consumed
# Pops the layers from the caller's list.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    first = True
    while conditioners:
        z = z if first else z.flip(1)
        first = False
        conditioner = conditioners.pop(0)
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% corner: squeezed
# Drops axes of size one of z.
import math


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    return z.squeeze(), -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% corner: float32_normal
# Takes the density in float32.
import torch


def reversed_maf(conditioners, x):
    z, log_det = x, x.new_zeros(len(x))
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det + more
    normal = torch.distributions.Normal(0.0, 1.0)
    return z, normal.log_prob(z.float()).sum(1).to(x.dtype) + log_det


# %% corner: default_zeros
# Starts the sum with zeros of the default precision on the CPU.
import math

import torch


def reversed_maf(conditioners, x):
    z, log_det = x, torch.zeros(len(x), dtype=x.dtype)
    for i, conditioner in enumerate(conditioners):
        z = z.flip(1) if i else z
        mu, a = conditioner(z).chunk(2, dim=1)
        z, more = (z - mu) * (-a).exp(), -a.sum(1)
        log_det = log_det.add_(more.detach()) if not more.requires_grad else log_det + more
    return z, -0.5 * (z.square() + math.log(2 * math.pi)).sum(1) + log_det


# %% right: distributions
# Takes the prior from torch.distributions, and returns a list.
import torch


def reversed_maf(conditioners, x):
    h = x
    total = 0
    for number, conditioner in enumerate(conditioners):
        if number > 0:
            h = torch.flip(h, dims=(-1,))
        mu, a = conditioner(h).chunk(2, dim=1)
        h, log_det = (h - mu) * (-a).exp(), -a.sum(1)
        total = total + log_det
    prior = torch.distributions.Normal(torch.zeros_like(h), torch.ones_like(h))
    return [h, prior.log_prob(h).sum(-1) + total]


# %% right: indexed
# Reverses by an index.
import math
from collections import namedtuple

import torch

Flow = namedtuple("Flow", ["z", "log_prob"])


def reversed_maf(conditioners, x):
    n = x.shape[1]
    backwards = list(range(n - 1, -1, -1))
    log_prob = torch.full_like(x[:, 0], -0.5 * n * math.log(2 * math.pi))
    z = x
    for i in range(len(conditioners)):
        if i != 0:
            z = z[:, backwards]
        out = conditioners[i](z)
        z = (z - out[:, :n]) / out[:, n:].exp()
        log_prob = log_prob - out[:, n:].sum(1)
    return Flow(z, log_prob - torch.einsum("bd,bd->b", z, z) / 2)


# %% right: recursive
# Goes through the rest of the list by recursion.
import math


def reversed_maf(conditioners, x):
    if len(conditioners) == 0:
        n = x.shape[1]
        return x, -(x**2).sum(1) / 2 - n / 2 * math.log(2 * math.pi)
    mu, a = conditioners[0](x).chunk(2, dim=1)
    h, log_det = (x - mu) * (-a).exp(), -a.sum(1)
    more = len(conditioners) > 1
    z, log_prob = reversed_maf(conditioners[1:], h.flip(1) if more else h)
    return z, log_prob + log_det


# %% right: sum_of_parts
# Collects the terms in a list and adds them up at the end.
import torch


def reversed_maf(conditioners, x):
    terms = []
    for layer, conditioner in enumerate(conditioners):
        x = x.fliplr() if layer else x
        mu, a = conditioner(x).chunk(2, dim=1)
        x, log_det = (x - mu) * (-a).exp(), -a.sum(1)
        terms.append(log_det)
    terms.append(-0.5 * x.pow(2).sum(1))
    terms.append(-0.5 * torch.log(2 * torch.pi * torch.ones_like(x)).sum(1))
    return x, torch.stack(terms).sum(0)
