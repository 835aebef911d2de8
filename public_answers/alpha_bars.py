"""Known answers: the product of the alphas, after public solutions of another course's exercise, rewritten."""

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
