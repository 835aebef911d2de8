"""Known answers: Earth mover's distance in one dimension."""


# %% wrong: all_pairs
# Averages the distance over all pairs: the plan that splits every load evenly.
def earth_mover_1d(x, y):
    return (
        (x[:, None] - y).abs().mean()
        - 0.5 * (x[:, None] - x).abs().mean()
        - 0.5 * (y[:, None] - y).abs().mean()
    )


# %% wrong: counts_for_shares
# Counts samples instead of shares of mass in the distribution functions.
import torch


def earth_mover_1d(x, y):
    points = torch.cat([x, y]).sort().values
    below = (x[:, None] <= points[:-1]).sum(0) - (y[:, None] <= points[:-1]).sum(0)
    return (below.abs().to(x.dtype) * points.diff()).sum() / max(len(x), len(y))


# %% wrong: interpolated_quantiles
# Compares quantiles that are interpolated between samples instead of stairs.
import torch


def earth_mover_1d(x, y):
    levels = torch.linspace(0, 1, max(len(x), len(y)), dtype=x.dtype, device=x.device)
    return (torch.quantile(x, levels) - torch.quantile(y, levels)).abs().mean()


# %% wrong: means
# Compares the means only.
def earth_mover_1d(x, y):
    return (x.mean() - y.mean()).abs()


# %% wrong: nearest_neighbour
# Sends each sample to its nearest neighbour in the other set, however many arrive there.
def earth_mover_1d(x, y):
    distances = (x[:, None] - y).abs()
    return (distances.amin(dim=1).mean() + distances.amin(dim=0).mean()) / 2


# %% wrong: not_differentiable
# Computes the distance in numpy, which knows no gradients.
import math

import numpy as np
import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a, b = (np.repeat(np.sort(s.detach().numpy()), n // len(s)) for s in (x, y))
    return torch.tensor(np.abs(a - b).mean(), dtype=x.dtype, requires_grad=True)


# %% wrong: single_precision
# Divides counts in float32, whatever the precision of the samples.
import torch


def earth_mover_1d(x, y):
    points = torch.cat([x, y]).sort().values
    share_x = (x[:, None] <= points[:-1]).float().mean(0)
    share_y = (y[:, None] <= points[:-1]).float().mean(0)
    return ((share_x - share_y).abs() * points.diff()).sum()


# %% wrong: squared
# Takes the root of the mean square of the pairs: Wasserstein-2.
import math

import torch


def earth_mover_1d(x, y):
    n = math.lcm(len(x), len(y))
    a = torch.sort(x).values.repeat_interleave(n // len(x))
    b = torch.sort(y).values.repeat_interleave(n // len(y))
    return torch.linalg.vector_norm(a - b) / n**0.5


# %% wrong: sum_of_pairs
# Sums over pairs of samples instead of weighing each with its mass.
import torch


def earth_mover_1d(x, y):
    pairs = (torch.sort(x).values - torch.sort(y).values).abs()
    return pairs.sum()


# %% wrong: truncated
# Pairs the sorted samples and drops what the larger set has beyond the smaller.
def earth_mover_1d(x, y):
    n = min(len(x), len(y))
    return (x.sort().values[:n] - y.sort().values[:n]).abs().mean()


# %% wrong: numpy_of_any_device
# Takes numpy arrays of its inputs without going to the CPU first.
import numpy as np
import torch


def earth_mover_1d(x, y):
    both = torch.cat([x, y])
    order = np.argsort(both.detach().numpy(), kind="stable")
    masses = np.where(order < len(x), 1 / len(x), -1 / len(y))
    heights = torch.as_tensor(np.abs(np.cumsum(masses))[:-1], dtype=x.dtype, device=x.device)
    return (both[order].diff() * heights).sum()


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
