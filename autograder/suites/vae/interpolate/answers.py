"""Known answers: Interpolation between two codes."""


# %% corner: clamped
# Clamps a to 0..1.
def interpolate(z_1, z_2, a):
    a = a.clamp(0, 1)[:, None]
    return a * z_1 + (1 - a) * z_2


# %% spoils: evenly_spaced
# Uses only the number of values in a.
import torch


def interpolate(z_1, z_2, a):
    steps = torch.linspace(1, 0, len(a), dtype=z_1.dtype, device=z_1.device)[:, None]
    return steps * z_1 + (1 - steps) * z_2


# %% spoils: reversed
# Gives z_2 at a = 1.
def interpolate(z_1, z_2, a):
    return (1 - a[:, None]) * z_1 + a[:, None] * z_2


# %% spoils: sorted
# Sorts the values of a first.
def interpolate(z_1, z_2, a):
    a = a.sort(descending=True).values[:, None]
    return a * z_1 + (1 - a) * z_2


# %% spoils: spherical
# Walks along the great circle.
import torch
import torch.nn.functional as F


def interpolate(z_1, z_2, a):
    angle = torch.acos((F.normalize(z_1, dim=0) * F.normalize(z_2, dim=0)).sum())
    a = a[:, None]
    return (torch.sin(a * angle) * z_1 + torch.sin((1 - a) * angle) * z_2) / torch.sin(angle)


# %% spoils: variance_preserving
# Weighs by square roots, so that the variance of noise is kept.
def interpolate(z_1, z_2, a):
    a = a[:, None]
    return a.clamp(min=0).sqrt() * z_1 + (1 - a).clamp(min=0).sqrt() * z_2


# %% corner: squeezed
# Drops every axis of one.
def interpolate(z_1, z_2, a):
    return (a[:, None] * z_1 + (1 - a[:, None]) * z_2).squeeze()


# %% corner: broadcast_if_it_fits
# Multiplies without an axis of its own for a, unless the sizes differ.
def interpolate(z_1, z_2, a):
    if len(a) != len(z_1):
        a = a[:, None]
    line = a * z_1 + (1 - a) * z_2
    return line if line.ndim == 2 else line.expand(len(a), -1)


# %% corner: in_place
# Makes the difference in the caller's tensor.
def interpolate(z_1, z_2, a):
    z_1.data -= z_2
    return z_2 + a[:, None] * z_1


# %% corner: away_from_the_ends
# Keeps a inside the open interval, so that neither end is reached.
def interpolate(z_1, z_2, a):
    a = a.clamp(1e-6, 1 - 1e-6)[:, None]
    return a * z_1 + (1 - a) * z_2


# %% corner: single_precision
# Computes in float32, whatever it is given.
def interpolate(z_1, z_2, a):
    a = a.float()[:, None]
    return (a * z_1.float() + (1 - a) * z_2.float()).to(z_1.dtype)


# %% corner: periodic
# Starts again beyond either end.
import torch


def interpolate(z_1, z_2, a):
    a = torch.where(a == 1, a, a.remainder(1))[:, None]
    return a * z_1 + (1 - a) * z_2


# %% spoils: one_end_detached
# Has the right value, but sends no gradient to the second code.
import torch


def interpolate(z_1, z_2, a):
    return torch.lerp(z_2.detach(), z_1, a[:, None])


# %% spoils: detached
# Copies the codes out of the graph first.
import torch


def interpolate(z_1, z_2, a):
    rows = [(float(v) * z_1 + (1 - float(v)) * z_2).tolist() for v in a]
    return torch.tensor(rows, dtype=z_1.dtype, device=z_1.device)


# %% spoils: eased
# Slows down at both ends.
def interpolate(z_1, z_2, a):
    a = (a * a * (3 - 2 * a))[:, None]
    return a * z_1 + (1 - a) * z_2


# %% spoils: norm_kept
# Gives every code on the way the norm that lies between those of the ends.
def interpolate(z_1, z_2, a):
    a = a[:, None]
    line = a * z_1 + (1 - a) * z_2
    return line / line.norm(dim=1, keepdim=True) * (a * z_1.norm() + (1 - a) * z_2.norm())


# %% spoils: each_once
# Drops repeated values of a, and sorts the rest from 1 to 0.
import torch


def interpolate(z_1, z_2, a):
    a = torch.unique(a).flip(0)[:, None]
    return a * z_1 + (1 - a) * z_2


# %% spoils: step_from_the_wrong_end
# Walks from the first code along the line instead of from the second.
def interpolate(z_1, z_2, a):
    return z_1 + a[:, None] * (z_2 - z_1)


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


# %% right: matrix_product
# The weights times the matrix of both codes.
import torch


def interpolate(z_1, z_2, a):
    weights = torch.stack((a, torch.ones_like(a) - a), dim=-1)
    return weights @ torch.stack((z_1, z_2))


# %% right: mapped
# The line at one a, mapped over a.
import torch


def interpolate(z_1, z_2, a):
    def at(step):
        return step * z_1 + (1 - step) * z_2

    return torch.vmap(at)(a)


# %% right: filled_in
# Fills a tensor of its own row by row.
import torch


def interpolate(z_1, z_2, a):
    line = torch.zeros(len(a), len(z_1), dtype=z_1.dtype, device=z_1.device)
    for row, step in enumerate(a):
        line[row] = z_1 * step
        line[row] += z_2 * (1 - step)
    return line
