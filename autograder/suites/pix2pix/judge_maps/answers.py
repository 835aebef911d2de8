"""Known answers: what perfect discriminators and the cycle see of maps between finite domains."""

# %% spoils: overwritten
# Overwrites where several images become the same one.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).scatter(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).scatter(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% spoils: pulled_back
# Compares p_a with the probabilities of what its images became.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (p_b[g] - p_a).abs().sum() / 2,
        (p_a[f] - p_b).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% spoils: no_half
# Forgets the half of the total variation.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum(),
        (pushed_to_a - p_a).abs().sum(),
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% spoils: share_lost
# Counts images that are lost without their probabilities.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        lost_a.to(p_a.dtype).mean(),
        lost_b.to(p_b.dtype).mean(),
    )


# %% spoils: found
# Gives the probability that an image comes back.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] == torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] == torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% spoils: maps_swapped
# Applies the maps in the other order.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_b * lost_b).sum(),
        (p_a * lost_a).sum(),
    )


# %% spoils: squared
# Takes squared differences.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).square().sum() / 2,
        (pushed_to_a - p_a).square().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% spoils: largest
# Takes the largest difference.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().max(),
        (pushed_to_a - p_a).abs().max(),
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% spoils: identity_for_cycle
# Counts images that a map moves, as if the other map did nothing.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g % len(f)] != f[torch.arange(len(p_a), device=p_a.device) % len(f)]
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% spoils: uniform
# Pushes equal probabilities.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, torch.full_like(p_a, 1 / len(p_a)))
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, torch.full_like(p_b, 1 / len(p_b)))
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% corner: support_only
# Drops images of probability 0 of the target from the total variation.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b)[p_b > 0].abs().sum() / 2,
        (pushed_to_a - p_a)[p_a > 0].abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% corner: zero_lost
# Counts images of probability 0 that are lost with a small weight.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a.clamp(min=1e-3) * lost_a).sum(),
        (p_b.clamp(min=1e-3) * lost_b).sum(),
    )


# %% corner: single_precision
# Adds up in float32.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).float().index_add(0, g, p_a.float()).to(p_b.dtype)
    pushed_to_a = torch.zeros_like(p_a).float().index_add(0, f, p_b.float()).to(p_a.dtype)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% corner: in_place
# Adds to p_b within the caller's tensor.
import torch


def judge_maps(p_a, p_b, g, f):
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    p_b -= pushed_to_b
    p_b += pushed_to_b
    p_b.data[0] += 0.0 if len(p_b) == 1 else 1e-9
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )


# %% right: loops
# Goes through the images one by one.
import torch


def judge_maps(p_a, p_b, g, f):
    def one_way(p, q, there, back):
        pushed = [
            sum((p[i] for i in range(len(p)) if there[i] == j), p.new_zeros(()))
            for j in range(len(q))
        ]
        apart = sum((pushed[j] - q[j]).abs() for j in range(len(q))) / 2
        lost = sum((p[i] for i in range(len(p)) if back[there[i]] != i), p.new_zeros(()))
        return apart, lost

    (tv_g, lost_a), (tv_f, lost_b) = one_way(p_a, p_b, g, f), one_way(p_b, p_a, f, g)
    return [tv_g, tv_f, lost_a, lost_b]


# %% right: numpy
# Counts with NumPy.
import numpy as np
import torch


def judge_maps(p_a, p_b, g, f):
    p, q, there, back = (x.cpu().numpy() for x in (p_a, p_b, g, f))
    to_b = np.bincount(there, weights=p, minlength=len(q))
    to_a = np.bincount(back, weights=q, minlength=len(p))
    results = (
        np.abs(to_b - q).sum() / 2,
        np.abs(to_a - p).sum() / 2,
        p[back[there] != np.arange(len(p))].sum(),
        q[there[back] != np.arange(len(q))].sum(),
    )
    return tuple(torch.tensor(float(x), dtype=p_a.dtype, device=p_a.device) for x in results)


# %% right: positive_part
# Takes what is too much only, which is as much as what is missing.
from collections import namedtuple

import torch

Seen = namedtuple("Seen", ["g", "f", "a", "b"])


def judge_maps(p_a, p_b, g, f):
    to_b = (g[:, None] == torch.arange(len(p_b), device=g.device)).to(p_a.dtype)
    to_a = (f[:, None] == torch.arange(len(p_a), device=f.device)).to(p_a.dtype)
    there, back = to_b @ to_a, to_a @ to_b
    return Seen(
        (p_a @ to_b - p_b).clamp(min=0).sum(),
        (p_b @ to_a - p_a).clamp(min=0).sum(),
        p_a.sum() - (p_a * there.diagonal()).sum(),
        p_b.sum() - (p_b * back.diagonal()).sum(),
    )
