"""Known answers: Free bits."""


# %% wrong: batch_summed
# Sums over the batch before it compares with the floor.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.sum(0).clamp(min=floor).sum()


# %% wrong: ceiling
# Clamps from above instead of from below.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(max=floor).sum()


# %% wrong: clamped_in_total
# Clamps the total KL, not that of each latent.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).sum().clamp(min=floor)


# %% wrong: clamped_per_sample
# Clamps the KL of each sample before it averages over the batch.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.clamp(min=floor).mean(0).sum()


# %% wrong: excess_only
# Charges only what exceeds the floor.
import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return torch.relu(kl.mean(0) - floor).sum()


# %% wrong: latents_averaged
# Averages over the latents instead of summing.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(min=floor).mean()


# %% wrong: samples_for_latents
# Compares the KL of each sample, summed over latents, with the floor.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.sum(1).clamp(min=floor).mean()


# %% wrong: straight_through_floor
# Keeps the gradient of the latents below the floor.
def free_bits(mu, logvar, floor):
    kl = (0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)).mean(0)
    return (kl + (kl.clamp(min=floor) - kl).detach()).sum()


# %% wrong: total_floor_scaled
# Clamps the total KL at the floors' sum.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).sum().clamp(min=floor * mu.shape[1])


# %% right: builtin_max
# Python's own max, latent by latent.
import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar)
    return sum(max(kl[:, d].mean(), floor) for d in range(kl.shape[1]))


# %% right: relu
# The floor plus what exceeds it.
import torch
import torch.nn.functional as F


def free_bits(mu, logvar, floor):
    kl = (0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar)).mean(0)
    return mu.shape[1] * floor + F.relu(kl - floor).sum()


# %% right: where
# A mask and torch.where.
import torch


def free_bits(mu, logvar, floor):
    kl = torch.sum(0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar), dim=0) / mu.shape[0]
    return torch.where(kl > floor, kl, torch.full_like(kl, floor)).sum()
