"""Known answers: the time embedding."""


# %% spoils: divided_by_half
# Divides by the number of frequencies, as dgm.unet and transformers do: the last one is not reached.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / half))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% spoils: interleaved
# Takes sines and cosines in turn.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
    return F.pad(emb, (0, n % 2))


# %% spoils: cosines_first
# Puts the cosines first.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.cos(), angles.sin()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% spoils: fixed_period
# Always has a largest period of 10,000.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(10_000.0) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% spoils: two_pi
# Takes the frequencies in turns, with 2 pi.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = (
        times[:, None] * 2 * math.pi * torch.exp(-math.log(max_period) * places / max(half - 1, 1))
    )
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% spoils: rising
# Lets the frequencies rise above 1.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(math.log(max_period) * places / max(half - 1, 1))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% spoils: odd_without_zero
# Leaves out the last column for odd sizes.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return emb


# %% spoils: zero_first
# Puts the zero of odd sizes in front.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (n % 2, 0))


# %% spoils: zero_in_the_middle
# Puts the zero of odd sizes behind the sines.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return torch.cat([emb[:, :half], emb.new_zeros(len(t), n % 2), emb[:, half:]], dim=1)


# %% spoils: evenly_spaced
# Spaces the frequencies evenly instead of geometrically.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.linspace(
        1, 1 / max_period, half, device=t.device, dtype=times.dtype
    )
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% spoils: normalised_time
# Divides the times by a thousand.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = (t if t.is_floating_point() else t.float()) / 1000
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% spoils: shifted_places
# Counts the frequencies from 1.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * ((places + 1) / max(half, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% corner: one_frequency_fails
# Divides by zero when there is one frequency only.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / (half - 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% corner: float32_inside
# Computes the angles in float32.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2)).to(t.dtype if t.is_floating_point() else torch.float32)


# %% corner: detached_times
# Sends no gradient to the times.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t.detach() if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% corner: float64_for_integers
# Gives float64 for whole numbers.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    times = t if t.is_floating_point() else t.double()
    places = torch.arange(half, device=t.device, dtype=times.dtype)
    angles = times[:, None] * torch.exp(-math.log(max_period) * (places / max(half - 1, 1)))
    emb = torch.cat([angles.sin(), angles.cos()], dim=1)
    return F.pad(emb, (0, n % 2))


# %% right: powers
# Takes powers of the period, and fills a tensor of zeros.
def time_embedding(t, n, max_period=10_000.0):
    times = t.to(torch.float32) if not torch.is_floating_point(t) else t
    half = n // 2
    emb = torch.zeros(len(t), n, dtype=times.dtype, device=times.device)
    for i in range(half):
        rate = max_period ** (-i / (half - 1)) if half > 1 else 1.0
        emb[:, i] = torch.sin(rate * times)
        emb[:, half + i] = torch.cos(rate * times)
    return emb


# %% right: logspace
# Uses logspace and an outer product.
def time_embedding(t, n, max_period=10_000.0):
    times = t if t.is_floating_point() else t.float()
    half = n // 2
    rates = torch.logspace(
        0, -1 if half > 1 else 0, half, base=max_period, dtype=times.dtype, device=times.device
    )
    angles = torch.outer(times, rates)
    parts = [angles.sin(), angles.cos(), torch.zeros_like(times[:, None])]
    return torch.cat(parts if n % 2 else parts[:2], dim=1)


# %% right: paper_code
# As in the code of Ho et al.
def time_embedding(t, n, max_period=10_000.0):
    half = n // 2
    scale = math.log(max_period) / (half - 1) if half > 1 else 0.0
    times = t if t.is_floating_point() else t.to(torch.float32)
    freqs = torch.exp(torch.arange(half, dtype=times.dtype, device=t.device) * -scale)
    emb = times[:, None] * freqs[None, :]
    emb = torch.cat([torch.sin(emb), torch.cos(emb)], dim=1)
    if n % 2 == 1:
        emb = F.pad(emb, (0, 1, 0, 0))
    return emb


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
