"""Known answers: The optimal discriminator."""

# %% wrong: epsilon
# Adds a small constant below the fraction, which counts in the tails.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 0, p_data / (total + 1e-8), torch.full_like(total, 0.5))


# %% wrong: half_for_any_zero
# Gives one half where either of the two is zero.
import torch


def optimal_discriminator(p_data, p_g):
    empty = (p_data == 0) | (p_g == 0)
    return torch.where(empty, 0.5, p_data / (p_data + p_g))


# %% wrong: hard
# Decides for the likelier source instead of giving a probability.
import torch


def optimal_discriminator(p_data, p_g):
    return torch.where(p_data == p_g, 0.5, (p_data > p_g).to(p_data.dtype))


# %% wrong: in_place
# Writes one half into its argument.
def optimal_discriminator(p_data, p_g):
    empty = (p_data == 0) & (p_g == 0)
    p_data[empty] = p_g[empty] = 1.0
    return p_data / (p_data + p_g)


# %% wrong: log_ratio
# Gives the logit of the optimal discriminator.
import torch


def optimal_discriminator(p_data, p_g):
    return torch.where(p_data + p_g > 0, p_data.log() - p_g.log(), torch.full_like(p_data, 0.5))


# %% wrong: nan
# Is nan where both are zero.
def optimal_discriminator(p_data, p_g):
    return p_data / (p_data + p_g)


# %% wrong: reversed
# Gives the probability that a point is fake.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 0, p_g / total, torch.full_like(total, 0.5))


# %% wrong: squared
# Squares the densities.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data**2 + p_g**2
    return torch.where(total > 0, p_data**2 / total, torch.full_like(total, 0.5))


# %% wrong: threshold
# Takes small densities for zero.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 1e-10, p_data / total, torch.full_like(total, 0.5))


# %% wrong: zero_for_empty
# Gives 0 where both are zero.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 0, p_data / total, torch.zeros_like(total))


# %% right: loops
# Goes through the points.
import torch


def optimal_discriminator(p_data, p_g):
    values = []
    for a, b in zip(p_data, p_g, strict=True):
        values.append(a / (a + b) if a + b > 0 else torch.full_like(a, 0.5))
    return torch.stack(values)


# %% right: masked
# Fills a tensor of halves where there is mass.
import torch


def optimal_discriminator(p_data, p_g):
    d = torch.full_like(p_data, 0.5)
    some = (p_data > 0) | (p_g > 0)
    return d.masked_scatter(some, p_data[some] / (p_data[some] + p_g[some]))


# %% right: nan_to_num
# Replaces the nan of 0/0.
import torch


def optimal_discriminator(p_data, p_g):
    return torch.nan_to_num(p_data.div(p_data.add(p_g)), nan=0.5)


# %% right: sigmoid
# Takes the sigmoid of the log ratio.
import torch


def optimal_discriminator(p_data, p_g):
    d = torch.sigmoid(torch.log(p_data) - torch.log(p_g))
    return torch.where((p_data == 0) & (p_g == 0), torch.full_like(d, 0.5), d)
