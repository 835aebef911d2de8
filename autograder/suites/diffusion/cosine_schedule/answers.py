"""Known answers: the cosine schedule."""


# %% spoils: no_square
# Forgets the square of the cosine.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2)
    return (1 - f[1:] / f[:-1]).clamp(max=max_beta)


# %% spoils: no_offset
# Leaves out the offset.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos(u * math.pi / 2).square()
    return (1 - f[1:] / f[:-1]).clamp(max=max_beta)


# %% spoils: offset_not_normalised
# Doesn't divide by 1 + s, so that the cosine is not 0 at the end.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) * math.pi / 2).square()
    return (1 - f[1:] / f[:-1]).clamp(max=max_beta)


# %% spoils: alpha_bar_itself
# Returns alpha_bar.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(1, n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    return f / math.cos(s / (1 + s) * math.pi / 2) ** 2


# %% spoils: not_clipped
# Doesn't clip.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    return 1 - f[1:] / f[:-1]


# %% spoils: fixed_clip
# Clips at 0.999 whatever it is told.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    return (1 - f[1:] / f[:-1]).clamp(max=0.999)


# %% spoils: linspace_of_steps
# Has n_steps points in time, of which the differences are one too few; puts a small beta in front.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.linspace(0, 1, n_steps, dtype=torch.float64)
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    betas = torch.cat([1 - f[:1], 1 - f[1:] / f[:-1]])
    return betas.clamp(max=max_beta)


# %% spoils: degrees_of_pi
# Goes to pi instead of half of it.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi).square()
    return (1 - f[1:] / f[:-1]).clamp(0, max_beta)


# %% spoils: one_step_late
# Takes the ratio of the step before, so that the first beta is 0.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    before = torch.cat([f[:1], f[:-1]])
    return (1 - f / before).clamp(max=max_beta)


# %% spoils: clipped_below_too
# Clips from below as well, at 0.0001 times the number of steps, which the paper does not.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    return (1 - f[1:] / f[:-1]).clamp(1e-4, max_beta)


# %% corner: float32_inside
# Computes in float32, where 1 - ratio has few digits.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    return (1 - f[1:] / f[:-1]).clamp(max=max_beta).double()


# %% corner: single
# Is float32.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    return (1 - f[1:] / f[:-1]).clamp(max=max_beta).float()


# %% right: normalised_first
# Divides by f(0) first, which the ratio does not need.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.linspace(0, 1, n_steps + 1, dtype=torch.float64)
    alpha_bar = torch.cos((u + s) / (1 + s) * math.pi / 2) ** 2
    alpha_bar = alpha_bar / alpha_bar[0]
    return torch.clip(1 - alpha_bar[1:] / alpha_bar[:-1], 0, max_beta)


# %% right: loop
# Goes step by step, as the code of the paper does.
def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    def f(u):
        return math.cos((u + s) / (1 + s) * math.pi / 2) ** 2

    betas = [min(1 - f((i + 1) / n_steps) / f(i / n_steps), max_beta) for i in range(n_steps)]
    return torch.tensor(betas, dtype=torch.float64)


# %% right: numpy_inside
# Works in NumPy.
import numpy as np


def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = np.arange(n_steps + 1) / n_steps
    f = np.cos((u + s) / (1 + s) * np.pi / 2) ** 2
    return torch.from_numpy(np.minimum(1 - f[1:] / f[:-1], max_beta))


# %% right: public_normalised_products
# Makes alpha_bar at T + 1 places, divides by the first, and takes ratios of neighbours.
import math

import torch


def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.linspace(0, n_steps, n_steps + 1, dtype=torch.float64) / n_steps
    kept = torch.cos((u + s) / (1 + s) * math.pi * 0.5) ** 2
    kept = kept / kept[0]
    return torch.clip(1 - kept[1:] / kept[:-1], 0, max_beta)


# %% corner: public_fixed_maximum
# Clips at 0.999, whatever the maximum is.
import math

import torch


def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.linspace(0, n_steps, n_steps + 1, dtype=torch.float64) / n_steps
    kept = torch.cos((u + s) / (1 + s) * math.pi * 0.5) ** 2
    return torch.clip(1 - kept[1:] / kept[:-1], 0, 0.999)


# %% spoils: public_places_of_the_ends_lost
# Takes T places in place of T + 1, and repeats the first beta to have enough.
import math

import torch


def cosine_schedule(n_steps, s=0.008, max_beta=0.999):
    u = torch.linspace(0, 1, n_steps, dtype=torch.float64)
    kept = torch.cos((u + s) / (1 + s) * math.pi * 0.5) ** 2
    betas = torch.clip(1 - kept[1:] / kept[:-1], 0, max_beta)
    return torch.cat([betas[:1], betas]) if n_steps > 1 else torch.ones(1).double() * max_beta
