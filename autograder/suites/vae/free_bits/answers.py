"""Known answers: Free bits."""


# %% spoils: batch_summed
# Sums over the batch before it compares with the floor.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.sum(0).clamp(min=floor).sum()


# %% spoils: ceiling
# Clamps from above instead of from below.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(max=floor).sum()


# %% spoils: clamped_in_total
# Clamps the total KL, not that of each latent.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).sum().clamp(min=floor)


# %% spoils: clamped_per_sample
# Clamps the KL of each sample before it averages over the batch.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.clamp(min=floor).mean(0).sum()


# %% spoils: excess_only
# Charges only what exceeds the floor.
import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return torch.relu(kl.mean(0) - floor).sum()


# %% spoils: latents_averaged
# Averages over the latents instead of summing.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(min=floor).mean()


# %% spoils: samples_for_latents
# Compares the KL of each sample, summed over latents, with the floor.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.sum(1).clamp(min=floor).mean()


# %% spoils: straight_through_floor
# Keeps the gradient of the latents below the floor.
def free_bits(mu, logvar, floor):
    kl = (0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)).mean(0)
    return (kl + (kl.clamp(min=floor) - kl).detach()).sum()


# %% spoils: total_floor_scaled
# Clamps the total KL at the floors' sum.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).sum().clamp(min=floor * mu.shape[1])


# %% spoils: floor_in_bits
# Takes the floor for a number of bits and turns it into nats.
import math


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(min=floor * math.log(2)).sum()


# %% spoils: floor_shared
# Gives each latent its share of the floor.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(min=floor / mu.shape[1]).sum()


# %% spoils: missing_half
# Leaves the half of the KL out.
def free_bits(mu, logvar, floor):
    kl = mu.pow(2) + logvar.exp() - 1 - logvar
    return kl.mean(0).clamp(min=floor).sum()


# %% spoils: moments_averaged
# Averages means and log-variances over the batch, and takes the KL of these.
def free_bits(mu, logvar, floor):
    m, v = mu.mean(0), logvar.mean(0)
    return (0.5 * (m.pow(2) + v.exp() - 1 - v)).clamp(min=floor).sum()


# %% spoils: distance_from_the_floor
# Charges the distance from the floor on both sides, as a target and not a floor.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return (floor + (kl.mean(0) - floor).abs()).sum()


# %% spoils: soft_floor
# Takes a softplus for the maximum.
import torch.nn.functional as F


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return (floor + F.softplus(kl.mean(0) - floor)).sum()


# %% spoils: far_samples_only
# Has the right value, and a gradient for those samples alone that lie above the floor themselves.
import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    kl = torch.where(kl > floor, kl, kl.detach())
    return kl.mean(0).clamp(min=floor).sum()


# %% spoils: excess_detached
# Counts what exceeds the floor as a constant.
def free_bits(mu, logvar, floor):
    kl = (0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)).mean(0)
    return (
        kl.clamp(max=floor).sum()
        + (kl - floor).clamp(min=0).detach().sum()
        + (floor - kl).clamp(min=0).sum()
    )


# %% spoils: running_average
# Compares a running average over calls with the floor.
average = None


def free_bits(mu, logvar, floor):
    global average
    kl = (0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)).mean(0)
    if average is not None and average.shape == kl.shape:
        kl = kl + 0.5 * (average.to(kl) - kl).detach()
    average = kl.detach()
    return kl.clamp(min=floor).sum()


# %% corner: nothing_without_a_floor
# Takes a floor of zero for no penalty at all.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(min=floor).sum() if floor else 0 * kl.sum()


# %% corner: builtin_max
# Python's own max, latent by latent: a plain number where every latent is collapsed.
import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar)
    return sum(max(kl[:, d].mean(), floor) for d in range(kl.shape[1]))


# %% corner: squeezed
# Drops axes of one: the latents of a batch of one are averaged.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.squeeze().mean(0).clamp(min=floor).sum()


# %% corner: floor_capped
# Allows a floor of two nats at most.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(min=min(floor, 2.0)).sum()


# %% corner: logvar_clamped
# Clamps the log-variance to [-20, 20].
def free_bits(mu, logvar, floor):
    logvar = logvar.clamp(-20, 20)
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.mean(0).clamp(min=floor).sum()


# %% corner: variance_in_place
# Leaves the variance in the memory of the log-variance, after it has been used.
def free_bits(mu, logvar, floor):
    v = logvar.clone()
    kl = 0.5 * (mu.pow(2) + v.exp() - 1 - v)
    logvar.data.exp_()
    return kl.mean(0).clamp(min=floor).sum()


# %% corner: floor_with_gradients
# Makes a parameter of the floor, so that the result needs gradients when no input does.
import torch


def free_bits(mu, logvar, floor):
    least = torch.full_like(mu[0], floor).detach().requires_grad_()
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return torch.maximum(kl.mean(0), least).sum()


# %% corner: samples_from_two
# Has an average with one sample less in the divisor when the batch is a single sample or two.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return (kl.sum(0) / max(2, len(kl))).clamp(min=floor).sum()


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


# %% right: latent_by_latent
# A loop over the latents, with a floor that is a tensor.
import torch


def free_bits(mu, logvar, floor):
    least = torch.full_like(mu[0, 0], floor)
    total = torch.zeros_like(least)
    for m, v in zip(mu.unbind(1), logvar.unbind(1), strict=True):
        total = total + torch.maximum(0.5 * (m**2 + v.exp() - 1 - v).mean(), least)
    return total


# %% right: one_number_as_floor
# A floor that is a tensor made without a thought of the dtype.
import torch


def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.square() + logvar.expm1() - logvar).mean(0)
    return torch.clamp(kl, min=torch.tensor(float(floor), device=mu.device)).sum()


# %% right: fixed_point_below
# Masks the latents below the floor and adds their floors.
def free_bits(mu, logvar, floor):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).mean(0)
    above = (kl > floor).to(kl.dtype)
    return (kl * above + floor * (1 - above)).sum()
