"""Known answers: the step before, if the data are known, after public solutions of another course's exercise, rewritten."""

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
