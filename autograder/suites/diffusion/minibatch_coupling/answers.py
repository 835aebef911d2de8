"""Known answers: the pairing of noise with data in a batch."""

# %% spoils: as_they_come
# Leaves the batch as it is.
import torch


def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return torch.arange(len(x_0), device=x_0.device)


# %% spoils: distance_not_squared
# Minimises the sum of distances.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2).sqrt()
    return cheapest_assignment(costs).to(x_0.device)


# %% spoils: absolute
# Minimises the sum of absolute differences.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).abs().sum(2)
    return cheapest_assignment(costs).to(x_0.device)


# %% spoils: inverse
# Returns the permutation the other way round.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return cheapest_assignment(costs.T).to(x_0.device)


# %% spoils: nearest
# Gives each noise sample its nearest data sample, some of them twice.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return costs.argmin(1)


# %% spoils: greedy
# Takes the nearest sample that is left, row by row.
import torch


def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    found = []
    for row in costs:
        row = row.clone()
        row[found] = float("inf")
        found.append(int(row.argmin()))
    return torch.tensor(found, device=x_0.device)


# %% spoils: greedy_over_all_pairs
# Takes the nearest pair that is left, again and again.
import torch


def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    left, found = costs.clone(), torch.zeros(len(costs), dtype=torch.int64, device=x_0.device)
    for _ in range(len(costs)):
        i, j = divmod(int(left.argmin()), len(costs))
        found[i] = j
        left[i], left[:, j] = float("inf"), float("inf")
    return found


# %% spoils: dearest
# Maximises the total.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return cheapest_assignment(-costs).to(x_0.device)


# %% spoils: first_number
# Sorts by the first number of each sample.
import torch


def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    found = torch.empty(len(rows), dtype=torch.int64, device=x_0.device)
    found[rows[:, 0].argsort()] = columns[:, 0].argsort()
    return found


# %% spoils: by_length
# Pairs samples of equal length.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows.norm(dim=1)[:, None] - columns.norm(dim=1)).square()
    return cheapest_assignment(costs).to(x_0.device)


# %% spoils: by_angle
# Pairs by the cosine.
import torch


def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = -torch.nn.functional.cosine_similarity(rows[:, None], columns, dim=2)
    return cheapest_assignment(costs).to(x_0.device)


# %% spoils: soft
# Reads the permutation from a blurred plan.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    log_plan = -costs / costs.mean().clamp(min=1e-12) / 0.5
    for _ in range(20):
        log_plan = log_plan - log_plan.logsumexp(1, keepdim=True)
        log_plan = log_plan - log_plan.logsumexp(0, keepdim=True)
    return log_plan.argmax(1)


# %% spoils: last_axis
# Sums over the last axis only, and takes the first of what is left.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    apart = (x_0.detach().double()[:, None] - x_1.detach().double()).square()
    costs = apart.sum(-1) if apart.ndim > 2 else apart
    costs = costs.reshape(len(x_0), len(x_1), -1)[:, :, 0]
    return cheapest_assignment(costs).to(x_0.device)


# %% spoils: in_blocks
# Pairs within blocks of eight only.
import torch


def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    found = [i + cheapest_assignment(costs[i : i + 8, i : i + 8]) for i in range(0, len(costs), 8)]
    return torch.cat(found).to(x_0.device)


# %% spoils: data_returned
# Returns the data in their new order.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return x_1[cheapest_assignment(costs).to(x_0.device)]


# %% spoils: swaps_of_neighbours
# Swaps pairs as long as that helps, which stops too early.
import torch


def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    found, better = list(range(len(costs))), True
    while better:
        better = False
        for i in range(len(found) - 1):
            p, q = found[i], found[i + 1]
            if costs[i, q] + costs[i + 1, p] < costs[i, p] + costs[i + 1, q] - 1e-12:
                found[i], found[i + 1], better = q, p, True
    return torch.tensor(found, device=x_0.device)


# %% corner: distances_by_products
# Takes distances from the products of matrices, which cancel.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = rows.square().sum(1, keepdim=True) - 2 * rows @ columns.T + columns.square().sum(1)
    return cheapest_assignment(costs).to(x_0.device)


# %% corner: rounded
# Rounds the costs.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    costs = (costs * 1e6).round()
    return cheapest_assignment(costs).to(x_0.device)


# %% corner: half_precision
# Computes the costs in half precision.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2).clamp(max=6e4).half().double()
    return cheapest_assignment(costs).to(x_0.device)


# %% corner: one_is_a_number
# Returns a number for a batch of one.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return cheapest_assignment(costs).to(x_0.device).squeeze()


# %% corner: int32
# Returns int32.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return cheapest_assignment(costs).to(x_0.device).int()


# %% corner: left_on_the_cpu
# Leaves the permutation on the CPU.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return cheapest_assignment(costs)


# %% corner: centred_in_place
# Centres both batches in place first, which does not change the pairing.
def minibatch_coupling(x_0, x_1):
    x_0, x_1 = x_0.detach(), x_1.detach()
    x_0 -= x_0.mean(0)
    x_1 -= x_1.mean(0)
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return cheapest_assignment(costs).to(x_0.device)


# %% right: inner_products
# Maximises the inner products of centred samples.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    rows, columns = rows - rows.mean(0), columns - columns.mean(0)
    costs = -(rows[:, None] * columns).sum(2)
    return cheapest_assignment(costs).to(x_0.device)


# %% right: other_way_round
# Solves for the data and inverts.
def minibatch_coupling(x_0, x_1):
    rows, columns = (
        x_0.detach().double().reshape(len(x_0), -1),
        x_1.detach().double().reshape(len(x_1), -1),
    )
    costs = (rows[:, None] - columns).square().sum(2)
    return cheapest_assignment(costs.T).argsort().to(x_0.device)


# %% right: numpy
# Computes the costs by NumPy.
import torch


import numpy as np
import torch


def minibatch_coupling(x_0, x_1):
    a = x_0.detach().cpu().double().numpy().reshape(len(x_0), -1)
    b = x_1.detach().cpu().double().numpy().reshape(len(x_1), -1)
    costs = np.array([[np.sum((p - q) ** 2) for q in b] for p in a])
    return cheapest_assignment(torch.from_numpy(costs)).to(x_0.device)


# %% right: own_solver
# Solves the problem by the Hungarian method with potentials, in plain Python.
import torch


import torch


def minibatch_coupling(x_0, x_1):
    a, b = (
        x_0.detach().cpu().double().flatten(1)
        if x_0.ndim > 1
        else x_0.detach().cpu().double()[:, None],
        None,
    )
    b = x_1.detach().cpu().double().reshape(len(x_1), -1)
    cost = ((a[:, None] - b) ** 2).sum(2).tolist()
    n, inf = len(cost), float("inf")
    u, v, p, way = [0.0] * (n + 1), [0.0] * (n + 1), [0] * (n + 1), [0] * (n + 1)
    for i in range(1, n + 1):
        p[0], j0 = i, 0
        minv, used = [inf] * (n + 1), [False] * (n + 1)
        while p[j0]:
            used[j0] = True
            i0, delta, j1 = p[j0], inf, 0
            for j in range(1, n + 1):
                if not used[j]:
                    cur = cost[i0 - 1][j - 1] - u[i0] - v[j]
                    if cur < minv[j]:
                        minv[j], way[j] = cur, j0
                    if minv[j] < delta:
                        delta, j1 = minv[j], j
            for j in range(n + 1):
                if used[j]:
                    u[p[j]] += delta
                    v[j] -= delta
                else:
                    minv[j] -= delta
            j0 = j1
        while j0:
            p[j0], j0 = p[way[j0]], way[j0]
    found = [0] * n
    for j in range(1, n + 1):
        found[p[j] - 1] = j - 1
    return torch.tensor(found, device=x_0.device)
