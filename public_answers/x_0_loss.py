"""Known answers: the same loss on the image, after public solutions of another course's exercise, rewritten."""

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
