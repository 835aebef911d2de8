"""Known answers: the time as sines and cosines, after public solutions of another course's exercise, rewritten."""

# %% right: public_powers_in_one_line
# Computes the frequencies as exponentials of a step, and puts a zero behind odd sizes by cat.
import math

import torch


def time_embedding(t, n, max_period=10_000.0):
    t = t if t.dtype in (torch.float16, torch.float32, torch.float64) else t.float()
    half = n // 2
    step = math.log(max_period) / max(half - 1, 1)
    places = torch.arange(half, device=t.device).to(t.dtype)
    angles = t[:, None] * torch.exp(places * -step)[None, :]
    parts = [angles.sin(), angles.cos()]
    if n % 2:
        parts.append(torch.zeros_like(t)[:, None])
    return torch.cat(parts, dim=-1)


# %% corner: public_odd_sizes_too_short
# Has no zero at the end for odd sizes.
import math

import torch


def time_embedding(t, n, max_period=10_000.0):
    t = t if t.is_floating_point() else t.float()
    half = n // 2
    step = math.log(max_period) / max(half - 1, 1)
    angles = t[:, None] * torch.exp(torch.arange(half, device=t.device, dtype=t.dtype) * -step)
    return torch.cat((angles.sin(), angles.cos()), dim=-1)


# %% corner: public_one_frequency_divides_by_zero
# Divides by half - 1, which is 0 for sizes 2 and 3.
import math

import torch
import torch.nn.functional as F


def time_embedding(t, n, max_period=10_000.0):
    t = t if t.is_floating_point() else t.float()
    half = n // 2
    step = math.log(max_period) / (half - 1)
    angles = t[:, None] * torch.exp(torch.arange(half, device=t.device, dtype=t.dtype) * -step)
    return F.pad(torch.cat((angles.sin(), angles.cos()), dim=-1), (0, n % 2))


# %% spoils: public_fixed_period
# Always takes 10,000, whatever max_period is.
import math

import torch
import torch.nn.functional as F


def time_embedding(t, n, max_period=10_000.0):
    t = t if t.is_floating_point() else t.float()
    half = n // 2
    step = math.log(10000) / max(half - 1, 1)
    angles = t[:, None] * torch.exp(torch.arange(half, device=t.device, dtype=t.dtype) * -step)
    return F.pad(torch.cat((angles.sin(), angles.cos()), dim=-1), (0, n % 2))


# %% corner: public_float32_frequencies
# Computes the frequencies in float32 for float64 times: at time 1000 the angle is off by 1e-4.
import math

import torch
import torch.nn.functional as F


def time_embedding(t, n, max_period=10_000.0):
    t = t if t.is_floating_point() else t.float()
    half = n // 2
    step = math.log(max_period) / max(half - 1, 1)
    frequencies = torch.exp(torch.arange(half, device=t.device) * -step)
    angles = t[:, None] * frequencies[None, :]
    return F.pad(torch.cat((angles.sin(), angles.cos()), dim=-1), (0, n % 2))
