"""Known answers: The logit transform."""

# %% spoils: alpha_slope_forgotten
# Leaves log(1 - 2 alpha) out of the log-determinant.
import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    return log_p - log_q, (-log_p - log_q).reshape(len(y), -1).sum(1)


# %% spoils: alpha_slope_once
# Adds log(1 - 2 alpha) once for each sample instead of once for each pixel.
import math

import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    return log_p - log_q, (-log_p - log_q).reshape(len(y), -1).sum(1) + math.log(1 - 2 * alpha)


# %% spoils: inverse_sign
# Gives the log-determinant of the inverse.
import math

import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    log_det = log_p + log_q - math.log(1 - 2 * alpha)
    return log_p - log_q, log_det.reshape(len(y), -1).sum(1)


# %% spoils: one_minus_alpha
# Presses y into [alpha, 1]: the slope is 1 - alpha.
import math

import torch


def logit_transform(y, alpha=0.05):
    p = alpha + (1 - alpha) * y * (1 - 1e-6)
    log_det = math.log(1 - alpha) - torch.log(p) - torch.log1p(-p)
    return torch.logit(p), log_det.reshape(len(y), -1).sum(1)


# %% spoils: summed_over_batch
# Sums the log-determinant over the batch, too.
import math

import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    log_det = (math.log(1 - 2 * alpha) - log_p - log_q).sum()
    return log_p - log_q, log_det.expand(len(y))


# %% spoils: averaged_over_pixels
# Averages the log-determinant over the pixels.
import math

import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    log_det = math.log(1 - 2 * alpha) - log_p - log_q
    return log_p - log_q, log_det.reshape(len(y), -1).mean(1)


# %% spoils: summed_over_one_axis
# Sums over the last axis of an image only, and over the rest by a mean.
import math

import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    log_det = math.log(1 - 2 * alpha) - log_p - log_q
    return log_p - log_q, log_det.reshape(len(y), -1, y.shape[-1] if y.ndim > 1 else 1).sum(2).mean(
        1
    )


# %% spoils: clamped_for_alpha
# Clamps y into [alpha, 1 - alpha] instead of pressing it.
import math

import torch


def logit_transform(y, alpha=0.05):
    p = y.clamp(alpha, 1 - alpha)
    log_det = math.log(1 - 2 * alpha) - torch.log(p) - torch.log1p(-p)
    return torch.logit(p), log_det.reshape(len(y), -1).sum(1)


# %% spoils: alpha_ignored
# Takes 0.05 for every alpha.
import math

import torch


def logit_transform(y, alpha=0.05):
    alpha = 0.05
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    log_det = math.log(1 - 2 * alpha) - log_p - log_q
    return log_p - log_q, log_det.reshape(len(y), -1).sum(1)


# %% spoils: slope_of_y
# Takes y for p in the log-determinant.
import math

import torch


def logit_transform(y, alpha=0.05):
    p = alpha + (1 - 2 * alpha) * y
    inside = y.clamp(1e-6, 1 - 1e-6)
    log_det = math.log(1 - 2 * alpha) - torch.log(inside) - torch.log1p(-inside)
    return torch.logit(p), log_det.reshape(len(y), -1).sum(1)


# %% spoils: detached_log_det
# Right values, but the log-determinant has no gradient.
import math

import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    log_det = math.log(1 - 2 * alpha) - log_p - log_q
    return log_p - log_q, log_det.reshape(len(y), -1).sum(1).detach()


# %% spoils: dead_ends
# Clamps p in [0.06, 0.94] for the default alpha's sake: black and white pixels get no gradient.
import math

import torch


def logit_transform(y, alpha=0.05):
    p = (alpha + (1 - 2 * alpha) * y).clamp(max=1 - alpha - 1e-9).clamp(min=alpha + 1e-9)
    log_det = math.log(1 - 2 * alpha) - torch.log(p) - torch.log1p(-p)
    return torch.logit(p), log_det.reshape(len(y), -1).sum(1)


# %% corner: difference
# Computes 1 - p as a difference, which loses digits of float32 for a small alpha.
import math

import torch


def logit_transform(y, alpha=0.05):
    p = alpha + (1 - 2 * alpha) * y
    log_det = math.log(1 - 2 * alpha) - torch.log(p) - torch.log(1 - p)
    return torch.log(p) - torch.log(1 - p), log_det.reshape(len(y), -1).sum(1)


# %% corner: bounded_logit
# Calls torch.logit with an eps, which bounds x for a small alpha.
import math

import torch


def logit_transform(y, alpha=0.05):
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    log_det = math.log(1 - 2 * alpha) - log_p - log_q
    x = torch.logit(alpha + (1 - 2 * alpha) * y, eps=1e-5)
    return x, log_det.reshape(len(y), -1).sum(1)


# %% corner: single_precision
# Computes in float32 on the way.
import math

import torch


def logit_transform(y, alpha=0.05):
    wide = y.float()
    log_p = torch.log(alpha + (1 - 2 * alpha) * wide)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - wide))
    log_det = math.log(1 - 2 * alpha) - log_p - log_q
    return (log_p - log_q).to(y.dtype), log_det.reshape(len(y), -1).sum(1).to(y.dtype)


# %% right: by_autograd
# Finds the slope by autograd of the values.
import torch


def logit_transform(y, alpha=0.05):
    with torch.enable_grad():
        leaf = y if y.requires_grad else y.detach().clone().requires_grad_()
        x = torch.log(alpha + (1 - 2 * alpha) * leaf) - torch.log(
            alpha + (1 - 2 * alpha) * (1 - leaf)
        )
        (slope,) = torch.autograd.grad(x.sum(), leaf, create_graph=True)
        log_det = slope.log().reshape(len(y), -1).sum(1)
    return (x, log_det) if y.requires_grad else (x.detach(), log_det.detach())


# %% right: double_inside
# Computes in float64 throughout, and casts at the end.
import torch


def logit_transform(y, alpha=0.05):
    p = alpha + (1 - 2 * alpha) * y.double()
    slope = (1 - 2 * alpha) / (p * (1 - p))
    return torch.logit(p).to(y.dtype), slope.log().flatten(1).sum(1).to(
        y.dtype
    ) if y.ndim > 1 else slope.log().to(y.dtype)


# %% right: softplus
# Writes the logarithms of p and 1 - p as softplus of x.
import math
from collections import namedtuple

import torch
import torch.nn.functional as F

Result = namedtuple("Result", "x log_det")


def logit_transform(y, alpha=0.05):
    x = torch.log(alpha + (1 - 2 * alpha) * y) - torch.log(alpha + (1 - 2 * alpha) * (1 - y))
    per_pixel = F.softplus(x) + F.softplus(-x) + math.log(1 - 2 * alpha)
    return Result(x, torch.stack([row.sum() for row in per_pixel]))


# %% right: log1p_and_list
# Uses a scaled noise-free form and returns a list.
import torch


def logit_transform(y, alpha=0.05):
    scale = torch.tensor(1 - 2 * alpha, dtype=y.dtype, device=y.device)
    p, q = alpha + scale * y, alpha + scale * (1 - y)
    log_det = torch.log(scale / (p * q))
    while log_det.ndim > 1:
        log_det = log_det.sum(-1)
    return [torch.log(p / q), log_det]
