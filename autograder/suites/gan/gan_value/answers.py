"""Known answers: The value of the game."""

# %% wrong: at_the_optimum
# Puts the optimal discriminator in place of d.
import torch


def gan_value(p_data, p_g, d):
    total = p_data + p_g
    best = torch.where(total > 0, p_data / total, torch.full_like(total, 0.5))
    return (torch.xlogy(p_data, best) + torch.xlogy(p_g, 1 - best)).sum()


# %% wrong: bits
# Takes logarithms to base 2.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum() / torch.tensor(2.0).log().item()


# %% wrong: clamped
# Cuts d to [1e-7, 1 - 1e-7], which makes certainty cheap.
import torch


def gan_value(p_data, p_g, d):
    d = d.clamp(1e-7, 1 - 1e-7)
    return (p_data * torch.log(d) + p_g * torch.log(1 - d)).sum()


# %% wrong: halved
# Halves the value.
import torch


def gan_value(p_data, p_g, d):
    return 0.5 * (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()


# %% wrong: mean
# Averages over the points, as if all were equally likely.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).mean()


# %% wrong: nan
# Is nan where 0 log 0 occurs.
import torch


def gan_value(p_data, p_g, d):
    return (p_data * torch.log(d) + p_g * torch.log(1 - d)).sum()


# %% wrong: nan_to_num
# Turns every infinity into a finite number as well as every nan into 0.
import torch


def gan_value(p_data, p_g, d):
    terms = p_data * torch.log(d) + p_g * torch.log(1 - d)
    return torch.nan_to_num(terms).sum()


# %% wrong: non_saturating
# Has -log D for the fakes, the other loss of the generator.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) - torch.xlogy(p_g, d)).sum()


# %% wrong: sign
# Is the discriminator's loss instead of the value.
import torch


def gan_value(p_data, p_g, d):
    return -(torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()


# %% wrong: swapped
# Takes data for fakes and fakes for data.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_g, d) + torch.xlogy(p_data, 1 - d)).sum()


# %% wrong: zero_masses_shared
# Leaves out the points where either of the two has no mass.
import torch


def gan_value(p_data, p_g, d):
    both = (p_data > 0) & (p_g > 0)
    terms = p_data * torch.log(d) + p_g * torch.log(1 - d)
    return torch.where(both, terms, torch.zeros_like(terms)).sum()


# %% right: keyword_mask
# Multiplies by logarithms at the points of each support.
import torch


def gan_value(p_data, p_g, d):
    real, fake = p_data > 0, p_g > 0
    return torch.dot(p_data[real], d[real].log()) + torch.dot(p_g[fake], (1 - d)[fake].log())


# %% right: loops
# Goes through the points and skips terms of weight zero.
import torch


def gan_value(p_data, p_g, d):
    value = 0 * d.sum()
    for p, q, real in zip(p_data, p_g, d, strict=True):
        if p > 0:
            value = value + p * torch.log(real)
        if q > 0:
            value = value + q * torch.log1p(-real)
    return value


# %% right: where
# Chooses the points that occur before taking logarithms.
import torch


def expected_log(p, value):
    here = p > 0
    return (p * torch.where(here, value, torch.ones_like(value)).log()).sum()


def gan_value(p_data, p_g, d):
    return expected_log(p_data, d) + expected_log(p_g, 1 - d)


# %% right: xlog1py
# Uses xlog1py for the second term, and inner sums.
import torch


def gan_value(p_data, p_g, d):
    return torch.special.xlogy(p_data, d).sum() + torch.special.xlog1py(p_g, d.neg()).sum()
