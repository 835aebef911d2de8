"""Known answers: q(x_{t-1} | x_t, x_0)."""


# %% spoils: beta_for_beta_tilde
# Returns beta, which is close at large t only.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, (betas)[t].to(x_0.dtype)


# %% spoils: standard_deviation
# Returns the standard deviation.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, (((1 - before) / (1 - alpha_bar) * betas).sqrt())[t].to(x_0.dtype)


# %% spoils: log_variance
# Returns the logarithm of the variance, clipped as in the paper's code.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, (((1 - before) / (1 - alpha_bar) * betas).clamp(min=1e-20).log())[
        t
    ].to(x_0.dtype)


# %% spoils: alpha_bar_of_t
# Takes the root of alpha_bar at t for x_0.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (alpha_bar.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)


# %% spoils: alpha_without_root
# Forgets the root of alpha before x_t.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas) * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)


# %% spoils: swapped
# Swaps the two coefficients.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return b * x_0 + a * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)


# %% spoils: rolled
# Takes the last alpha_bar for the one before step 0.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = alpha_bar.roll(1)
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)


# %% spoils: repeats_first
# Takes alpha_bar[0] for the one before step 0, so that the last step is noisy.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([alpha_bar[:1], alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)


# %% spoils: small_floor
# Keeps the variance above a small number, 1e-3.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, (((1 - before) / (1 - alpha_bar) * betas).clamp(min=1e-3))[t].to(
        x_0.dtype
    )


# %% spoils: one_step_for_all
# Uses the first sample's step for the whole batch.
def posterior(x_0, x_t, t, betas):
    t = t[:1].expand(len(t))
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)


# %% spoils: float64_results
# Lets the schedule's float64 come through.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].reshape(shape)
    return a * x_0 + b * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t]


# %% spoils: variance_like_x
# Returns the variance with the axes of the images.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    variance = ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, variance.expand_as(x_0)


# %% spoils: detached_mean
# Detaches the coefficients of the mean.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a.detach() * x_0 + b.detach() * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(
        x_0.dtype
    )


# %% corner: rounded_schedule
# Casts the betas first.
def posterior(x_0, x_t, t, betas):
    betas = betas.to(x_0.dtype)
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)


# %% corner: tiny_floor
# Keeps the variance above 1e-6, at t = 0 and for tiny betas.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    return a * x_0 + b * x_t, (((1 - before) / (1 - alpha_bar) * betas).clamp(min=1e-6))[t].to(
        x_0.dtype
    )


# %% right: precisions
# Adds precisions: of x_{t-1} from the data, and of x_t from x_{t-1}. Step 0 apart.
def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    column = (slice(None),) + (None,) * (x_0.dim() - 1)
    first = t == 0
    before = alpha_bar[(t - 1).clamp(min=0)]
    from_data, from_next = 1 / (1 - before), (1 - betas[t]) / betas[t]
    total = from_data + from_next
    a = torch.where(first, torch.ones_like(total), from_data * before.sqrt() / total)
    b = torch.where(first, torch.zeros_like(total), from_next / (1 - betas[t]).sqrt() / total)
    variance = torch.where(first, torch.zeros_like(total), 1 / total)
    mean = a[column].to(x_0.dtype) * x_0 + b[column].to(x_0.dtype) * x_t
    return mean, variance.to(x_0.dtype)


# %% right: named
# Returns a named tuple.
from collections import namedtuple

Posterior = namedtuple("Posterior", "mean variance")


def posterior(x_0, x_t, t, betas):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    shape = (-1, *[1] * (x_0.dim() - 1))
    a = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    b = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype).reshape(shape)
    variance = (1 - before) / (1 - alpha_bar) * betas
    return Posterior(a * x_0 + b * x_t, variance[t].to(x_0.dtype))


# %% right: padded
# Pads alpha_bar with a one and indexes it by t and t + 1.
def posterior(x_0, x_t, t, betas):
    padded = F.pad((1 - betas).cumprod(0), (1, 0), value=1.0)
    before, now, beta = padded[t], padded[t + 1], betas[t]
    view = [len(t)] + [1] * (x_0.ndim - 1)
    of_x_0 = (before.sqrt() * beta / (1 - now)).view(view)
    of_x_t = ((1 - beta).sqrt() * (1 - before) / (1 - now)).view(view)
    mean = (of_x_0 * x_0 + of_x_t * x_t).to(x_0.dtype)
    return mean, (beta * (1 - before) / (1 - now)).to(x_0.dtype)


# %% right: public_three_tables
# Makes the tables of both coefficients and of the variance, the product before each step by padding.
import torch
import torch.nn.functional as F


def posterior(x_0, x_t, t, betas):
    alphas = 1.0 - betas
    products = torch.cumprod(alphas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    c_0 = betas * torch.sqrt(earlier) / (1.0 - products)
    c_t = (1.0 - earlier) * torch.sqrt(alphas) / (1.0 - products)
    var = betas * (1.0 - earlier) / (1.0 - products)

    def pick(table):
        return table.gather(-1, t).to(x_0.dtype).reshape(len(t), *(1,) * (x_0.dim() - 1))

    return pick(c_0) * x_0 + pick(c_t) * x_t, var[t].to(x_0.dtype)


# %% corner: public_float32_tables
# Keeps the tables in float32, as buffers of a module, for float64 data as well.
import torch
import torch.nn.functional as F


def posterior(x_0, x_t, t, betas):
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    tables = (
        betas * earlier.sqrt() / (1.0 - products),
        (1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products),
        betas * (1.0 - earlier) / (1.0 - products),
    )
    c_0, c_t, var = (table.float()[t].to(x_0.dtype) for table in tables)
    axes = (...,) + (None,) * (x_0.ndim - 1)
    return c_0[axes] * x_0 + c_t[axes] * x_t, var


# %% right: public_variance_kept_above_zero
# Keeps the variance above 1e-20, so that its logarithm exists: at step 0 it is 0 but for that.
import torch
import torch.nn.functional as F


def posterior(x_0, x_t, t, betas):
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    c_0 = (betas * earlier.sqrt() / (1.0 - products))[t].to(x_0.dtype)
    c_t = ((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products))[t].to(x_0.dtype)
    var = (betas * (1.0 - earlier) / (1.0 - products)).clamp(min=1e-20)[t].to(x_0.dtype)
    axes = (...,) + (None,) * (x_0.ndim - 1)
    return c_0[axes] * x_0 + c_t[axes] * x_t, var


# %% spoils: public_standard_deviation
# Returns the standard deviation where the variance is asked for.
import torch
import torch.nn.functional as F


def posterior(x_0, x_t, t, betas):
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    c_0 = (betas * earlier.sqrt() / (1.0 - products))[t].to(x_0.dtype)
    c_t = ((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products))[t].to(x_0.dtype)
    std = (betas * (1.0 - earlier) / (1.0 - products)).sqrt()[t].to(x_0.dtype)
    axes = (...,) + (None,) * (x_0.ndim - 1)
    return c_0[axes] * x_0 + c_t[axes] * x_t, std


# %% spoils: public_variance_with_axes
# Returns the variance with the axes that it needs for broadcasting, (B, 1, ...).
import torch
import torch.nn.functional as F


def posterior(x_0, x_t, t, betas):
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_0.dtype).reshape(len(t), *(1,) * (x_0.dim() - 1))

    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    return mean, pick(betas * (1.0 - earlier) / (1.0 - products))


# %% spoils: public_clipped_data
# Clips the data to [-1, 1] first.
import torch
import torch.nn.functional as F


def posterior(x_0, x_t, t, betas):
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    c_0 = (betas * earlier.sqrt() / (1.0 - products))[t].to(x_0.dtype)
    c_t = ((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products))[t].to(x_0.dtype)
    axes = (...,) + (None,) * (x_0.ndim - 1)
    mean = c_0[axes] * x_0.clamp(-1, 1) + c_t[axes] * x_t
    return mean, (betas * (1.0 - earlier) / (1.0 - products))[t].to(x_0.dtype)
