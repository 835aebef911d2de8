"""Known answers: Interpolation between two codes."""


# %% wrong: clamped
# Clamps a to 0..1.
def interpolate(z_1, z_2, a):
    a = a.clamp(0, 1)[:, None]
    return a * z_1 + (1 - a) * z_2


# %% wrong: evenly_spaced
# Uses only the number of values in a.
import torch


def interpolate(z_1, z_2, a):
    steps = torch.linspace(1, 0, len(a), dtype=z_1.dtype, device=z_1.device)[:, None]
    return steps * z_1 + (1 - steps) * z_2


# %% wrong: reversed
# Gives z_2 at a = 1.
def interpolate(z_1, z_2, a):
    return (1 - a[:, None]) * z_1 + a[:, None] * z_2


# %% wrong: sorted
# Sorts the values of a first.
def interpolate(z_1, z_2, a):
    a = a.sort(descending=True).values[:, None]
    return a * z_1 + (1 - a) * z_2


# %% wrong: spherical
# Walks along the great circle.
import torch
import torch.nn.functional as F


def interpolate(z_1, z_2, a):
    angle = torch.acos((F.normalize(z_1, dim=0) * F.normalize(z_2, dim=0)).sum())
    a = a[:, None]
    return (torch.sin(a * angle) * z_1 + torch.sin((1 - a) * angle) * z_2) / torch.sin(angle)


# %% wrong: variance_preserving
# Weighs by square roots, so that the variance of noise is kept.
def interpolate(z_1, z_2, a):
    a = a[:, None]
    return a.clamp(min=0).sqrt() * z_1 + (1 - a).clamp(min=0).sqrt() * z_2


# %% right: lerp
# torch.lerp from z_2 to z_1.
import torch


def interpolate(z_1, z_2, a):
    return torch.lerp(z_2, z_1, a.unsqueeze(-1))


# %% right: loops
# A row for each value of a.
import torch


def interpolate(z_1, z_2, a):
    return torch.stack([z_2 + value * (z_1 - z_2) for value in a])


# %% right: outer
# Outer products.
import torch


def interpolate(z_1, z_2, a):
    return torch.outer(a, z_1) + torch.outer(1 - a, z_2)


# %% right: numbers_from_numpy
# Takes the values of a as numpy's numbers, a row for each.
import torch


def interpolate(z_1, z_2, a):
    return torch.stack([z_2 + float(value) * (z_1 - z_2) for value in a.cpu().numpy()])
