"""Known answers: the cosine schedule, after public solutions of another course's exercise, rewritten."""

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
