"""Known answers: the permutation of classes that a translation agrees with best."""

# %% spoils: class_by_class
# Takes for each class what most of its images became, which need not be a permutation.
import torch


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    permutation = counts.argmax(1)
    return permutation, float((permutation[before] == after).double().mean())


# %% spoils: greedy
# Takes the largest counts first, without taking any of them back.
import torch


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes)
    counts.index_put_((before, after), torch.ones(len(before)), accumulate=True)
    permutation = torch.zeros(n_classes, dtype=torch.int64)
    for _ in range(n_classes):
        place = int(counts.argmax())
        k, j = place // n_classes, place % n_classes
        permutation[k] = j
        counts[k], counts[:, j] = -1, -1
    return permutation, float((permutation[before] == after).double().mean())


# %% spoils: greedy_by_class
# Gives the classes, one after another, the best one that is left.
import torch


def best_class_map(before, after, n_classes):
    left, permutation = set(range(n_classes)), []
    for k in range(n_classes):
        j = max(sorted(left), key=lambda c: int(((before == k) & (after == c)).sum()))
        permutation.append(j)
        left.remove(j)
    permutation = torch.tensor(permutation)
    return permutation, float((permutation[before] == after).double().mean())


# %% spoils: inverse
# Says from which class each class came.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts.index_put_((after, before), torch.ones_like(before), accumulate=True)
    rows, columns = torch.arange(len(counts)), cheapest_assignment(-counts)
    return torch.as_tensor(columns), float(counts[rows, columns].numpy().sum()) / len(before)


# %% spoils: fewest
# Looks for the permutation of the smallest agreement.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    rows, columns = torch.arange(n_classes), cheapest_assignment(counts)
    return torch.as_tensor(columns), float(counts[rows, columns].numpy().sum()) / len(before)


# %% spoils: identity
# Measures how many keep their class.
import torch


def best_class_map(before, after, n_classes):
    return torch.arange(n_classes), float((before == after).double().mean())


# %% spoils: shifts_only
# Tries cyclic shifts only.
import torch


def best_class_map(before, after, n_classes):
    k = torch.arange(n_classes)
    shares = [float(((before + s) % n_classes == after).double().mean()) for s in range(n_classes)]
    best = max(range(n_classes), key=lambda s: shares[s])
    return (k + best) % n_classes, shares[best]


# %% spoils: rates
# Weights every class alike, whatever the number of its images.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.float64)
    counts.index_put_((before, after), torch.ones(len(before)).double(), accumulate=True)
    rates = counts / counts.sum(1, keepdim=True).clamp(min=1)
    rows, columns = torch.arange(len(rates)), cheapest_assignment(-rates)
    return torch.as_tensor(columns), float(counts[rows, columns].numpy().sum()) / len(before)


# %% spoils: counted_once
# Counts each pair of classes once, however many images have it.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts[before, after] = 1
    rows, columns = torch.arange(len(counts)), cheapest_assignment(-counts)
    permutation = torch.as_tensor(columns)
    return permutation, float((permutation[before] == after).double().mean())


# %% spoils: brute_force_seven
# Tries permutations of the first seven classes, and leaves the others where they are.
from itertools import permutations

import torch


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    counts = counts.tolist()
    n = min(n_classes, 7)
    rest = tuple(range(n, n_classes))
    best = max(
        (p + rest for p in permutations(range(n))),
        key=lambda p: sum(counts[k][p[k]] for k in range(n)),
    )
    return torch.tensor(best), sum(counts[k][best[k]] for k in range(n_classes)) / len(before)


# %% spoils: share_of_classes
# Gives the share of the classes that stay together for the most part.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    rows, columns = torch.arange(len(counts)), cheapest_assignment(-counts)
    return torch.as_tensor(columns), float((counts[rows, columns].numpy() > 0).mean())


# %% corner: tensor_share
# Gives the share as a tensor.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    rows, columns = torch.arange(len(counts)), cheapest_assignment(-counts)
    share = torch.as_tensor(counts[rows, columns].numpy().sum() / len(before))
    return torch.as_tensor(columns), share


# %% corner: classes_present
# Reads the number of classes off the images.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    n = int(max(before.max(), after.max())) + 1
    counts = torch.zeros(n, n, dtype=torch.int64)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    rows, columns = torch.arange(len(counts)), cheapest_assignment(-counts)
    return torch.as_tensor(columns), float(counts[rows, columns].numpy().sum()) / len(before)


# %% corner: small_integers
# Gives the permutation as int32.
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    rows, columns = torch.arange(len(counts)), cheapest_assignment(-counts)
    share = float(counts[rows, columns].numpy().sum()) / len(before)
    return torch.as_tensor(columns, dtype=torch.int32), share


# %% right: sets_of_classes
# Goes through the sets of classes that are taken.
from functools import lru_cache

import torch


def best_class_map(before, after, n_classes):
    counts = [
        [int(((before == k) & (after == j)).sum()) for j in range(n_classes)]
        for k in range(n_classes)
    ]

    @lru_cache(maxsize=None)
    def best(k, taken):
        if k == n_classes:
            return 0, ()
        options = []
        for j in range(n_classes):
            if not taken & (1 << j):
                total, rest = best(k + 1, taken | (1 << j))
                options.append((total + counts[k][j], (j, *rest)))
        return max(options)

    total, permutation = best(0, 0)
    return torch.tensor(permutation, device=before.device), total / len(before)


# %% right: numpy
# Counts with NumPy and minimises the negative.
import numpy as np
import torch
from dgm.assignment import cheapest_assignment


def best_class_map(before, after, n_classes):
    counts = np.zeros((n_classes, n_classes))
    np.add.at(counts, (before.cpu().numpy(), after.cpu().numpy()), 1)
    columns = cheapest_assignment(torch.from_numpy(-counts))
    permutation = torch.tensor(columns.tolist(), device=before.device)
    return [permutation, float((permutation[before] == after).double().mean())]


# %% right: named
# Returns a named tuple; counts with bincount.
from typing import NamedTuple

import torch
from dgm.assignment import cheapest_assignment


class Best(NamedTuple):
    permutation: torch.Tensor
    share: float


def best_class_map(before, after, n_classes):
    counts = torch.bincount(before * n_classes + after, minlength=n_classes**2)
    counts = counts.reshape(n_classes, n_classes).cpu().numpy()
    rows, columns = range(n_classes), cheapest_assignment(torch.from_numpy(-counts)).numpy()
    share = counts[rows, columns].sum() / counts.sum()
    return Best(torch.as_tensor(columns).to(before.device).long(), share.item())
