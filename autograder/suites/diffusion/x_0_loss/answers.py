"""Known answers: the loss on the image."""


# %% spoils: unweighted
# Has no weights.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return ((x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean() + 0 * weight.sum()


# %% spoils: inverse_weight
# Weighs with one over the SNR.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = ((1 - at_t) / at_t).clamp(max=max_weight).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% spoils: root_of_weight
# Weighs with the root of the SNR.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).sqrt().to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% spoils: squared_weight
# Weighs before squaring.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).abs().reshape(len(x_0), -1).mean(1)).square().mean()


# %% spoils: floor_for_cap
# Takes the maximum for a minimum.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (
        (at_t / (1 - at_t))
        .clamp(min=max_weight if max_weight < math.inf else None, max=math.inf)
        .to(x_0.dtype)
    )
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% spoils: no_cap
# Ignores the maximum.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% spoils: zero_above
# Drops the samples above the maximum.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t) * (at_t / (1 - at_t) <= max_weight)).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% spoils: normalised_weights
# Divides by the sum of the weights.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).sum() / weight.sum()


# %% spoils: mean_weight
# Averages weights and errors apart.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return weight.mean() * (x_0_hat - x_0).square().mean()


# %% spoils: summed
# Sums over the numbers of a sample.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return (
        (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).sum(1)).mean()
        if x_0.dim() > 1
        else (weight * (x_0_hat - x_0).square()).mean()
    )


# %% spoils: loss_capped
# Cuts the weighted error and not the weight.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).to(x_0.dtype)
    return (
        (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1))
        .clamp(max=max_weight)
        .mean()
    )


# %% spoils: step_before
# Takes the SNR of the step before.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = torch.cat([alpha_bar[:1], alpha_bar])[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% spoils: detached_weight
# Sends no gradient to the schedule.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype).detach()
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% spoils: float64_result
# Gives float64 for float32 images.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% corner: rounded_schedule
# Casts the schedule first.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar.to(x_0.dtype)[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% corner: zero_is_no_maximum
# Takes a maximum of 0 for none.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight or math.inf).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% corner: large_weights_cut
# Keeps the weights below a million.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=min(max_weight, 1e5)).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()


# %% right: with_snr
# Uses the function of an earlier question.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    weight = snr(alpha_bar)[t].clamp(max=max_weight).to(x_0.dtype)
    squared = (x_0_hat - x_0).pow(2)
    return (weight.reshape(-1, *[1] * (x_0.dim() - 1)) * squared).mean()


# %% right: minimum
# Takes the minimum with a tensor.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    ratio = alpha_bar / (1 - alpha_bar)
    ratio = torch.minimum(ratio, torch.full_like(ratio, max_weight))
    weight = ratio[t].to(x_0.dtype)
    error = F.mse_loss(x_0_hat, x_0, reduction="none")
    return torch.einsum("b,b...->b...", weight, error).mean()


# %% right: one_scale
# Scales the error with the root of the weight.
def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    weight = (alpha_bar[t] / (1 - alpha_bar[t])).clamp(max=max_weight)
    losses = [
        w.to(x.dtype) * (x_hat - x).square().mean() for w, x_hat, x in zip(weight, x_0_hat, x_0)
    ]
    return torch.stack(losses).mean()


# %% right: public_weight_over_all_numbers
# Broadcasts the weight over all numbers and averages once.
import math

import torch


def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    ratios = alpha_bar / (1 - alpha_bar)
    weight = torch.clamp(ratios, max=max_weight).gather(-1, t).to(x_0.dtype)
    weight = weight.reshape(t.shape[0], *((1,) * (x_0.dim() - 1)))
    return (weight * (x_0 - x_0_hat) ** 2).mean()


# %% corner: public_float32_weights
# Keeps the weights in float32, as a buffer of a module, for float64 data as well.
import math

import torch
import torch.nn.functional as F


def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    weights = (alpha_bar / (1 - alpha_bar)).float().clamp(max=max_weight)
    each = F.mse_loss(x_0_hat, x_0, reduction="none")
    return (weights[t].to(x_0.dtype).view(-1, *[1] * (x_0.ndim - 1)) * each).mean()


# %% spoils: public_mean_of_weights
# Multiplies the mean error by the mean weight.
import math

import torch


def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    weight = (alpha_bar / (1 - alpha_bar)).clamp(max=max_weight)[t].to(x_0.dtype)
    return weight.mean() * ((x_0_hat - x_0) ** 2).mean()


# %% spoils: public_no_weight
# Has the weight of a loss on the noise: one.
import math

import torch


def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    return torch.mean((x_0_hat - x_0) ** 2)


# %% right: public_weighted_in_place
# Takes the loss without a reduction, and multiplies it in place by weights that are not rounded.
import math

import torch
from torch import nn


def x_0_loss(x_0_hat, x_0, t, alpha_bar, max_weight=math.inf):
    ratios = (alpha_bar / (1 - alpha_bar)).clamp(max=max_weight)
    weight = ratios.gather(-1, t).reshape(t.shape[0], *((1,) * (x_0.dim() - 1)))
    loss = nn.MSELoss(reduction="none")(x_0_hat, x_0)
    loss *= weight
    return loss.mean()
