"""Known answers: Earth mover's distance in one dimension."""


# %% spoils: all_pairs
# Averages the distance over all pairs: the plan that splits every load evenly.
def earth_mover_1d(x, y):
    return (
        (x[:, None] - y).abs().mean()
        - 0.5 * (x[:, None] - x).abs().mean()
        - 0.5 * (y[:, None] - y).abs().mean()
    )


# %% spoils: counts_for_shares
# Counts samples instead of shares of mass in the distribution functions.
import torch


def earth_mover_1d(x, y):
    points = torch.cat([x, y]).sort().values
    below = (x[:, None] <= points[:-1]).sum(0) - (y[:, None] <= points[:-1]).sum(0)
    return (below.abs().to(x.dtype) * points.diff()).sum() / max(len(x), len(y))


# %% spoils: interpolated_quantiles
# Compares quantiles that are interpolated between samples instead of stairs.
import torch


def earth_mover_1d(x, y):
    levels = torch.linspace(0, 1, max(len(x), len(y)), dtype=x.dtype, device=x.device)
    return (torch.quantile(x, levels) - torch.quantile(y, levels)).abs().mean()


# %% spoils: means
# Compares the means only.
def earth_mover_1d(x, y):
    return (x.mean() - y.mean()).abs()


# %% spoils: nearest_neighbour
# Sends each sample to its nearest neighbour in the other set, however many arrive there.
def earth_mover_1d(x, y):
    distances = (x[:, None] - y).abs()
    return (distances.amin(dim=1).mean() + distances.amin(dim=0).mean()) / 2


# %% spoils: not_differentiable
# Computes the distance in numpy, which knows no gradients.
import math

import numpy as np
import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a, b = (np.repeat(np.sort(s.detach().numpy()), n // len(s)) for s in (x, y))
    return torch.tensor(np.abs(a - b).mean(), dtype=x.dtype, requires_grad=True)


# %% spoils: squared
# Takes the root of the mean square of the pairs: Wasserstein-2.
import math

import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a = torch.sort(x).values.repeat_interleave(n // len(x))
    b = torch.sort(y).values.repeat_interleave(n // len(y))
    return torch.linalg.vector_norm(a - b) / n**0.5


# %% spoils: sum_of_pairs
# Sums over pairs of samples instead of weighing each with its mass.
import torch


def earth_mover_1d(x, y):
    pairs = (torch.sort(x).values - torch.sort(y).values).abs()
    return pairs.sum()


# %% spoils: truncated
# Pairs the sorted samples and drops what the larger set has beyond the smaller.
def earth_mover_1d(x, y):
    n = min(len(x), len(y))
    return (x.sort().values[:n] - y.sort().values[:n]).abs().mean()


# %% corner: numpy_of_any_device
# Takes numpy arrays of its inputs without going to the CPU first.
import numpy as np
import torch


def earth_mover_1d(x, y):
    both = torch.cat([x, y])
    order = np.argsort(both.detach().numpy(), kind="stable")
    masses = np.where(order < len(x), 1 / len(x), -1 / len(y))
    heights = torch.as_tensor(np.abs(np.cumsum(masses))[:-1], dtype=x.dtype, device=x.device)
    return (both[order].diff() * heights).sum()


# %% spoils: x_held_constant
# Sorts detached copies of x, so that only y gets a gradient.
import torch


def earth_mover_1d(x, y):
    points = torch.cat([x.detach(), y]).sort().values
    share_x = (x[:, None] <= points[:-1]).to(x.dtype).mean(0)
    share_y = (y[:, None] <= points[:-1]).to(x.dtype).mean(0)
    return ((share_x - share_y).abs() * points.diff()).sum()


# %% spoils: share_below
# Counts the samples below a point, not those up to it.
import torch


def earth_mover_1d(x, y):
    points = torch.cat([x, y]).sort().values
    share_x = (x[:, None] < points[:-1]).to(x.dtype).mean(0)
    share_y = (y[:, None] < points[:-1]).to(x.dtype).mean(0)
    return ((share_x - share_y).abs() * points.diff()).sum()


# %% spoils: nearest_rank
# Pairs each sample of the larger set with that of the nearest rank in the smaller.
import torch


def earth_mover_1d(x, y):
    n = max(len(x), len(y))
    ranks = torch.arange(n, device=x.device)
    a, b = (s.sort().values[ranks * len(s) // n] for s in (x, y))
    return (a - b).abs().mean()


# %% spoils: padded
# Fills the smaller set up with its mean.
import torch


def earth_mover_1d(x, y):
    n = max(len(x), len(y))
    x, y = (torch.cat([s, s.mean().expand(n - len(s))]) for s in (x, y))
    return (x.sort().values - y.sort().values).abs().mean()


# %% spoils: signed
# Adds up signed differences of the sorted samples, and takes the absolute value at the end.
import math

import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a, b = (torch.sort(s).values.repeat_interleave(n // len(s)) for s in (x, y))
    return (a - b).mean().abs()


# %% spoils: hundred_levels
# Compares quantiles at a hundred levels, which are too few for larger sets.
import torch


def earth_mover_1d(x, y):
    n = 100
    levels = (torch.arange(n, device=x.device) + 0.5) / n
    a, b = (s.sort().values[(levels * len(s)).long()] for s in (x, y))
    return (a - b).abs().mean()


# %% corner: root_of_square
# Takes the root of a square for the absolute value, whose gradient is nan at zero.
import math

import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a, b = (torch.sort(s).values.repeat_interleave(n // len(s)) for s in (x, y))
    return (a - b).pow(2).sqrt().mean()


# %% corner: squeezed
# Drops the axis of a set with a single sample.
import math

import torch


def earth_mover_1d(x, y):
    x, y = x.squeeze(), y.squeeze()
    n = math.lcm(len(x), len(y))
    a, b = (torch.sort(s).values.repeat_interleave(n // len(s)) for s in (x, y))
    return (a - b).abs().mean()


# %% corner: sorted_in_place
# Sorts the caller's own numbers.
import math


def earth_mover_1d(x, y):
    for s in (x, y):
        if not s.requires_grad:
            s.copy_(s.sort().values)
    n = math.lcm(len(x), len(y))
    a, b = (s.sort().values.repeat_interleave(n // len(s)) for s in (x, y))
    return (a - b).abs().mean()


# %% corner: rounded_ties
# Rounds to four decimals before it sorts, and takes what is closer for equal.
import math

import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a, b = (torch.sort(s).values.repeat_interleave(n // len(s)) for s in (x, y))
    gap = (a - b).abs()
    return torch.where(gap < 1e-2, torch.zeros_like(gap), gap).mean()


# %% right: matrices_of_shares
# Counts by comparing every sample with every point, and integrates by hand.
import torch


def earth_mover_1d(x, y):
    points, _ = torch.sort(torch.hstack((x, y)))
    below = points[:-1].detach()
    f_x = torch.le(x[:, None], below[None]).to(x.dtype).sum(0) / x.numel()
    f_y = torch.le(y[:, None], below[None]).to(y.dtype).sum(0) / y.numel()
    return torch.einsum("i,i->", torch.abs(f_x - f_y), points[1:] - points[:-1])


# %% right: sorted_lists
# Walks through Python lists of samples with their masses.
def earth_mover_1d(x, y):
    loads = [(float(v), v, len(y)) for v in x] + [(float(v), v, -len(x)) for v in y]
    loads.sort(key=lambda load: load[0])
    carried, work = 0, 0 * x.sum()
    for (_, here, mass), (_, there, _) in zip(loads, loads[1:], strict=False):
        carried += mass
        work = work + abs(carried) * (there - here)
    return work / (len(x) * len(y))


# %% right: shares_in_single_precision
# Divides counts in float32: constants, which a float64 result may hold.
import torch


def earth_mover_1d(x, y):
    points = torch.cat([x, y]).sort().values
    share_x = (x[:, None] <= points[:-1]).float().mean(0)
    share_y = (y[:, None] <= points[:-1]).float().mean(0)
    return ((share_x - share_y).abs() * points.diff()).sum()


# %% right: common_multiple
# Repeats the sorted samples until both sets are of one size, and pairs them.
import math

import torch.nn.functional as F


def earth_mover_1d(x, y):
    size = math.lcm(len(x), len(y))
    longer = [s.sort()[0].repeat_interleave(size // len(s)) for s in (x, y)]
    return F.l1_loss(*longer)


# %% right: quantile_functions
# Integrates the difference of the quantile functions over the levels where either has a stair.
import torch


def earth_mover_1d(x, y):
    n, m = len(x), len(y)
    # levels in units of 1 / (n m), exact as integers
    levels = (
        torch.cat(
            [m * torch.arange(n + 1, device=x.device), n * torch.arange(m + 1, device=x.device)]
        )
        .sort()
        .values
    )
    widths = levels.diff()
    at_x = (levels[:-1] // m).clamp(max=n - 1)
    at_y = (levels[:-1] // n).clamp(max=m - 1)
    gaps = (x.sort().values[at_x] - y.sort().values[at_y]).abs()
    return (gaps * widths.to(x.dtype)).sum() / (n * m)


# %% right: signed_masses
# Gives each x the mass 1/N and each y the mass -1/M, and sums up what is carried over each gap.
import torch


def earth_mover_1d(x, y):
    everything = torch.cat((x, y), dim=0)
    masses = torch.cat((torch.full_like(x, 1 / x.shape[0]), torch.full_like(y, -1 / y.shape[0])))
    order = torch.argsort(everything)
    carried = torch.cumsum(masses.detach()[order], dim=0)[:-1]
    here = everything[order]
    return torch.sum(torch.abs(carried) * (here[1:] - here[:-1]))


# %% right: two_pointers
# Walks through both sorted sets and moves as much mass as fits at each step, in whole numbers.
def earth_mover_1d(x, y):
    x, y = x.sort().values, y.sort().values
    n, m = len(x), len(y)
    i = j = 0
    left_x, left_y = m, n
    total = 0.0
    while i < n and j < m:
        load = min(left_x, left_y)
        total = total + load * (x[i] - y[j]).abs()
        left_x, left_y = left_x - load, left_y - load
        if left_x == 0:
            i, left_x = i + 1, m
        if left_y == 0:
            j, left_y = j + 1, n
    return total / (n * m)


# %% right: order_from_numpy
# Sorts by the order that numpy finds, and has the masses as an array as well.
import numpy as np
import torch


def earth_mover_1d(x, y):
    both = torch.cat([x, y])
    order = np.argsort(both.detach().cpu().numpy(), kind="stable")
    masses = np.where(order < len(x), 1 / len(x), -1 / len(y))
    heights = torch.as_tensor(np.abs(np.cumsum(masses))[:-1], dtype=x.dtype, device=x.device)
    return (both[order].diff() * heights).sum()
