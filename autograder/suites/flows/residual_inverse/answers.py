"""Known answers: the inverse of a residual layer by fixed point."""


# %% spoils: plus
# Adds g instead of subtracting it, which is the forward direction.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        x = y + g(x)
    return x


# %% spoils: from_x
# Subtracts g(x) from x instead of y.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        x = x - g(x)
    return x


# %% spoils: starts_at_zero
# Starts at zero unless a start is given.
import torch


def residual_inverse(g, y, n_iterations, x_init=None):
    x = torch.zeros_like(y) if x_init is None else x_init
    for _ in range(n_iterations):
        x = y - g(x)
    return x


# %% spoils: one_less
# Counts the start as the first iteration.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations - 1):
        x = y - g(x)
    return x


# %% spoils: one_more
# Does one iteration more, to polish.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations + (n_iterations > 0)):
        x = y - g(x)
    return x


# %% spoils: start_ignored
# Starts at y whatever it is given.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y
    for _ in range(n_iterations):
        x = y - g(x)
    return x


# %% spoils: zero_start_taken_for_none
# Takes a start of zeros for none.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None or not x_init.any() else x_init
    for _ in range(n_iterations):
        x = y - g(x)
    return x


# %% spoils: damped
# Moves only half of the way in each iteration.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        x = 0.5 * x + 0.5 * (y - g(x))
    return x


# %% spoils: restarts_from_y
# Applies g to y in every iteration.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for i in range(n_iterations):
        x = y - g(x if i == 0 else y - g(y))
    return x


# %% spoils: last_step_only
# Iterates without gradients, but for the last iteration.
import torch


def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    with torch.no_grad():
        for _ in range(n_iterations - 1):
            x = y - g(x)
    return y - g(x) if n_iterations else x


# %% spoils: without_gradients
# Iterates under no_grad.
import torch


@torch.no_grad()
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y.clone() if x_init is None else x_init.clone()
    for _ in range(n_iterations):
        x = y - g(x)
    return x


# %% spoils: y_detached
# Detaches y when it starts from it.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y.detach() if x_init is None else x_init
    for _ in range(n_iterations):
        x = y - g(x)
    return x


# %% spoils: start_detached
# Sends no gradient to the start.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init.detach()
    for _ in range(n_iterations):
        x = y - g(x)
    return x


# %% spoils: g_detached_for_data
# Keeps no graph of g if y needs no gradients.
import torch


def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    needs = y.requires_grad or x.requires_grad
    for _ in range(n_iterations):
        with torch.set_grad_enabled(needs):
            x = y - g(x)
    return x


# %% corner: stops_when_found
# Stops as soon as nothing changes any more.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        new = y - g(x)
        if (new - x).abs().max() < 1e-8:
            return new
        x = new
    return x


# %% corner: bounded
# Keeps x within 1,000 times the size of y.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    limit = 1000 * y.abs().max().detach()
    for _ in range(n_iterations):
        x = y - g(x)
        x = x if x.abs().max() <= limit else x.clamp(-limit, limit)
    return x


# %% corner: at_least_once
# Does at least one iteration.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(max(1, n_iterations)):
        x = y - g(x)
    return x


# %% corner: residual_computed_too
# Calls g once more, to look at the error that is left.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        x = y - g(x)
    error = (x + g(x) - y).abs().max()
    return x if error >= 0 else x + 0 * error


# %% corner: squeezed
# Drops axes of size one.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        x = y - g(x)
    return x.squeeze()


# %% corner: start_overwritten
# Writes the iterates into the start that it is given.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        new = y - g(x)
        if x is x_init and not x_init.requires_grad and not new.requires_grad:
            x_init.copy_(new)
        x = new
    return x


# %% corner: single_precision
# Iterates in float32.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = (y if x_init is None else x_init).float()
    for _ in range(n_iterations):
        x = y.float() - g(x)
    return x.to(y.dtype)


# %% corner: sample_by_sample
# Calls g for each sample alone.
import torch


def residual_inverse(g, y, n_iterations, x_init=None):
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        x = torch.cat([target - g(row) for target, row in zip(y.split(1), x.split(1))])
    return x


# %% right: recursive
# Goes down by recursion.
def residual_inverse(g, y, n_iterations, x_init=None):
    start = y if x_init is None else x_init
    if n_iterations == 0:
        return start
    return y - g(residual_inverse(g, y, n_iterations - 1, x_init))


# %% right: reduce
# Folds the iterations by functools.reduce.
import functools


def residual_inverse(g, y, n_iterations, x_init=None):
    begin = x_init if x_init is not None else y
    return functools.reduce(lambda x, _: y.sub(g(x)), range(n_iterations), begin)


# %% right: path_kept
# Keeps all iterates in a list and returns the last.
import torch


def residual_inverse(g, y, n_iterations, x_init=None):
    path = [torch.clone(y if x_init is None else x_init)]
    while len(path) <= n_iterations:
        path.append(-g(path[-1]) + y)
    return path[-1]


# %% right: sum_of_changes
# Adds up the changes from iterate to iterate.
def residual_inverse(g, y, n_iterations, x_init=None):
    x = y.clone() if x_init is None else x_init.clone()
    for _ in range(n_iterations):
        change = y - x - g(x)
        x = x + change
    return x
