"""Known answers: alpha_bar."""


# %% spoils: starts_with_one
# Starts with the 1 that belongs to the data, so that all steps are shifted.
def alpha_bars(betas):
    alpha_bar = (1 - betas.double()).cumprod(0).to(betas.dtype)
    return torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])


# %% spoils: of_betas
# Multiplies the betas.
def alpha_bars(betas):
    return betas.double().cumprod(0).to(betas.dtype)


# %% spoils: sums
# Takes one minus the sum of the betas, right for small betas only.
def alpha_bars(betas):
    return (1 - betas.double().cumsum(0)).to(betas.dtype)


# %% spoils: exponential
# Takes exp(-sum), right for small betas only.
def alpha_bars(betas):
    return torch.exp(-betas.double().cumsum(0)).to(betas.dtype)


# %% spoils: alphas_only
# Doesn't multiply.
def alpha_bars(betas):
    return 1 - betas


# %% spoils: roots
# Takes the root, as it stands before x_0.
def alpha_bars(betas):
    return (1 - betas.double()).cumprod(0).sqrt().to(betas.dtype)


# %% spoils: total_only
# Returns the whole product for each step.
def alpha_bars(betas):
    return (1 - betas.double()).prod().expand(len(betas)).to(betas.dtype)


# %% spoils: detached
# Cuts the graph.
def alpha_bars(betas):
    return (1 - betas.detach().double()).cumprod(0).to(betas.dtype)


# %% corner: float32_product
# Multiplies in the precision of the betas.
def alpha_bars(betas):
    return (1 - betas).cumprod(0)


# %% corner: rounded_alphas
# Subtracts from 1 in float32 and only multiplies in float64.
def alpha_bars(betas):
    return (1 - betas).double().cumprod(0).to(betas.dtype)


# %% corner: always_float64
# Returns float64 whatever comes in.
def alpha_bars(betas):
    return (1 - betas.double()).cumprod(0)


# %% corner: in_place
# Changes the betas.
def alpha_bars(betas):
    return betas.neg_().add_(1).double().cumprod(0).to(betas.dtype)


# %% right: logarithms
# Adds logarithms, computed without rounding 1 - beta.
def alpha_bars(betas):
    return torch.log1p(-betas.double()).cumsum(0).exp().to(betas.dtype)


# %% right: loop
# Multiplies one after the other.
def alpha_bars(betas):
    left, kept = torch.ones((), dtype=torch.float64, device=betas.device), []
    for beta in betas.double():
        left = left * (1 - beta)
        kept.append(left)
    return torch.stack(kept).to(betas.dtype)


# %% right: converted
# Names the dtype in cumprod.
def alpha_bars(betas):
    alphas = torch.ones_like(betas, dtype=torch.float64) - betas
    return torch.cumprod(alphas, dim=0, dtype=torch.float64).type_as(betas)


# %% right: public_exp_of_sums
# Adds logarithms, in float64, and casts at the end.
import torch


def alpha_bars(betas):
    return torch.log1p(-betas.to(torch.float64)).cumsum(dim=0).exp().to(betas.dtype)


# %% corner: public_product_in_the_given_precision
# Multiplies in the precision of the betas.
import torch


def alpha_bars(betas):
    return torch.cumprod(1.0 - betas, dim=0)


# %% spoils: public_shifted
# Returns the products before each step: 1 comes first.
import torch
import torch.nn.functional as F


def alpha_bars(betas):
    products = torch.cumprod(1.0 - betas.double(), dim=0).to(betas.dtype)
    return F.pad(products[:-1], (1, 0), value=1.0)


# %% corner: public_float32_buffer
# Keeps the products in float32, as a buffer of a module, for float64 betas as well.
import torch


def alpha_bars(betas):
    return torch.cumprod(1.0 - betas.double(), dim=0).float()
