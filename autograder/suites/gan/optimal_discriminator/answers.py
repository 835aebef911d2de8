"""Known answers: The optimal discriminator."""

# %% spoils: epsilon
# Adds a small constant below the fraction, which counts in the tails.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 0, p_data / (total + 1e-8), torch.full_like(total, 0.5))


# %% spoils: half_for_any_zero
# Gives one half where either of the two is zero.
import torch


def optimal_discriminator(p_data, p_g):
    empty = (p_data == 0) | (p_g == 0)
    return torch.where(empty, 0.5, p_data / (p_data + p_g))


# %% spoils: hard
# Decides for the likelier source instead of giving a probability.
import torch


def optimal_discriminator(p_data, p_g):
    return torch.where(p_data == p_g, 0.5, (p_data > p_g).to(p_data.dtype))


# %% spoils: in_place
# Writes one half into its argument.
def optimal_discriminator(p_data, p_g):
    empty = (p_data == 0) & (p_g == 0)
    p_data[empty] = p_g[empty] = 1.0
    return p_data / (p_data + p_g)


# %% spoils: log_ratio
# Gives the logit of the optimal discriminator.
import torch


def optimal_discriminator(p_data, p_g):
    return torch.where(p_data + p_g > 0, p_data.log() - p_g.log(), torch.full_like(p_data, 0.5))


# %% spoils: nan
# Is nan where both are zero.
def optimal_discriminator(p_data, p_g):
    return p_data / (p_data + p_g)


# %% spoils: reversed
# Gives the probability that a point is fake.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 0, p_g / total, torch.full_like(total, 0.5))


# %% spoils: squared
# Squares the densities.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data**2 + p_g**2
    return torch.where(total > 0, p_data**2 / total, torch.full_like(total, 0.5))


# %% spoils: threshold
# Takes small densities for zero.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 1e-10, p_data / total, torch.full_like(total, 0.5))


# %% spoils: zero_for_empty
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


# %% spoils: normalised
# Makes the densities sum to one first.
import torch


def optimal_discriminator(p_data, p_g):
    p_data, p_g = p_data / p_data.sum(), p_g / p_g.sum()
    total = p_data + p_g
    return torch.where(total > 0, p_data / total, torch.full_like(total, 0.5))


# %% corner: clamped
# Cuts probabilities to [1e-7, 1 - 1e-7], so that the best discriminator is never certain.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    d = torch.where(total > 0, p_data / total, torch.full_like(total, 0.5))
    return d.clamp(1e-7, 1 - 1e-7)


# %% spoils: logs_clamped
# Takes the sigmoid of the log ratio of densities that are at least 1e-12.
import torch


def optimal_discriminator(p_data, p_g):
    return torch.sigmoid(p_data.clamp(min=1e-12).log() - p_g.clamp(min=1e-12).log())


# %% spoils: total_detached
# Sends no gradient through the sum of the two.
import torch


def optimal_discriminator(p_data, p_g):
    total = (p_data + p_g).detach()
    return torch.where(total > 0, p_data / total, torch.full_like(total, 0.5))


# %% spoils: generator_detached
# Sends no gradient to the generator's distribution.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g.detach()
    return torch.where(total > 0, p_data / total, torch.full_like(total, 0.5))


# %% spoils: ratio_infinite
# Works with the ratio of the densities, which is infinite where no fakes come.
import torch


def optimal_discriminator(p_data, p_g):
    ratio = p_data / p_g
    return torch.nan_to_num(ratio / (1 + ratio), nan=0.5)


# %% corner: axis_dropped
# Takes away the axis of a single point.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 0, p_data / total, torch.full_like(total, 0.5)).squeeze()


# %% corner: half_on_cpu
# Puts numbers together point by point, those for empty points on the CPU and in float32.
import torch


def optimal_discriminator(p_data, p_g):
    values = [a / (a + b) if a + b > 0 else torch.tensor(0.5) for a, b in zip(p_data, p_g)]
    return torch.stack(values)


# %% corner: single_precision
# Computes in float32, whatever comes in.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data.float() + p_g.float()
    d = torch.where(total > 0, p_data.float() / total, torch.full_like(total, 0.5))
    return d.to(p_data.dtype)


# %% right: one_minus
# Takes the share of the fakes from 1.
import torch


def optimal_discriminator(p_data, p_g):
    total = p_data + p_g
    empty = total.eq(0)
    return torch.where(empty, 0.5, 1 - p_g / total.masked_fill(empty, 1))


# %% right: softmax
# Takes the softmax of the two logarithms.
import torch


def optimal_discriminator(p_data, p_g):
    shares = torch.softmax(torch.stack([p_data, p_g]).log(), dim=0)
    return torch.where(torch.maximum(p_data, p_g) > 0, shares[0], 0.5)


# %% right: vectorised
# Writes the function of one point and maps it over the points.
import torch


def at_one_point(a, b):
    total = a + b
    return torch.where(total == 0, 0.5, a / torch.where(total == 0, 1.0, total))


def optimal_discriminator(p_data, p_g):
    return torch.vmap(at_one_point)(p_data, p_g)
