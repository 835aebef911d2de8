"""Known answers: Split with a learned prior."""

# %% spoils: log_std_forgotten
# Leaves the logarithm of the width out of the density.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: constant_forgotten
# Leaves the constant of the normal density out.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: log_std_sign
# Adds the logarithm of the width.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() + log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: log_variance
# Takes the second half of what the network returns for a log-variance.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    log_std = 0.5 * log_std
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: width_itself
# Takes the second half of what the network returns for the width itself.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    log_std = log_std.abs().log()
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: standard_normal
# Scores what leaves under a standard normal, whatever the network says.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = leaves + 0 * mean
    log_std = 0 * log_std
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: no_half
# Forgets the half before the square.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: first_half_leaves
# Lets the first half of the channels leave.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    leaves, stays = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: every_second_channel
# Lets every second channel leave.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x[:, ::2], x[:, 1::2]
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: interleaved_prior
# Takes mean and width by turns from what the network returns.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    of_prior = network(stays)
    mean, log_std = of_prior[:, ::2], of_prior[:, 1::2]
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: width_first
# Takes the width from the first half of what the network returns.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    log_std, mean = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: network_of_the_leaving
# Shows the network the half that leaves: it cannot be there when one samples.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(leaves).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: multiplied_by_width
# Multiplies by the width.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: raw_half
# Returns the half that leaves as it is, not standardised.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, leaves, log_density.flatten(1).sum(1)


# %% spoils: summed_over_batch
# Sums the density over the batch.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.sum().expand(len(x))


# %% spoils: averaged
# Averages the density over channels and pixels.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).mean(1)


# %% spoils: summed_over_channels
# Sums over the channels and averages over the pixels.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.sum(1).flatten(1).mean(1)


# %% spoils: frozen_network
# Right values, but the network gets no gradient.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).detach().chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: cut_off_stays
# Right values, but no gradient flows through the network to what stays.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays.detach()).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: detached_eps
# Right values, but the density has no gradient from the standardised half.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.detach().square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% spoils: nll
# Returns the negative log-density.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, -log_density.flatten(1).sum(1)


# %% corner: odd_accepted
# Splits odd numbers of channels in unequal halves.
import math

import torch


def split_prior(x, network):
    half = x.shape[1] // 2
    stays, leaves = x[:, :half], x[:, half : 2 * half]
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% corner: bounded_width
# Bounds the logarithm of the width at 10.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    log_std = log_std.clamp(-10, 10)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% corner: tiny_added
# Adds 1e-8 to the width before it divides.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) / (log_std.exp() + 1e-8)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% corner: network_twice
# Calls the network once for the mean and once for the width.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)[0], network(stays).chunk(2, dim=1)[1]
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% corner: single_precision
# Computes the density in float32.
import math

import torch


def split_prior(x, network):
    if x.shape[1] % 2:
        raise ValueError("odd")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.float().square().to(x.dtype) - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)


# %% right: torch_distributions
# Calls torch.distributions.
import torch


def split_prior(x, network):
    half, rest = divmod(x.shape[1], 2)
    if rest:
        raise ValueError("an even number of channels is needed")
    stays, leaves = x[:, :half], x[:, half:]
    of_prior = network(stays)
    normal = torch.distributions.Normal(of_prior[:, :half], of_prior[:, half:].exp())
    eps = (leaves - normal.mean) / normal.stddev
    return stays, eps, normal.log_prob(leaves).sum(dim=(1, 2, 3))


# %% right: change_of_variables
# Scores eps under a standard normal, and takes away the logarithms of the widths.
import math
from collections import namedtuple

import torch

Split = namedtuple("Split", "stays eps log_prob")


def split_prior(x, network):
    if x.shape[1] & 1:
        raise ValueError("an even number of channels is needed")
    stays, leaves = torch.split(x, x.shape[1] // 2, dim=1)
    mean, log_std = torch.tensor_split(network(stays), 2, dim=1)
    eps = (leaves - mean) / log_std.exp()
    squares = torch.einsum("bchw,bchw->b", eps, eps)
    n = leaves[0].numel()
    return Split(
        stays, eps, -0.5 * (squares + n * math.log(2 * math.pi)) - log_std.flatten(1).sum(1)
    )


# %% right: gaussian_nll
# Calls the Gaussian loss of torch, sample by sample.
import torch
import torch.nn.functional as F


def split_prior(x, network):
    if x.shape[1] % 2 != 0:
        raise ValueError("an even number of channels is needed")
    stays, leaves = x.chunk(2, 1)
    mean, log_std = network(stays).chunk(2, 1)
    loss = F.gaussian_nll_loss(
        mean, leaves, (2 * log_std).exp(), full=True, eps=1e-300, reduction="none"
    )
    return [stays, (leaves - mean) * (-log_std).exp(), -loss.sum((1, 2, 3))]
