"""Known answers: pairs for a rectified flow."""


# %% spoils: rest_dropped
# Leaves out the last portion if it is smaller.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in [p for p in noise.split(batch_size) if len(p) == min(batch_size, len(noise))]:
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: all_at_once
# Moves all rows at once.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in [noise]:
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: row_by_row
# Moves every row alone.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(1):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: shuffled
# Gives the ends in another order.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends).flip(0)


# %% spoils: portions_in_reverse
# Puts later portions first.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends[::-1])


# %% spoils: swapped
# Gives the ends first.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return torch.cat(ends), noise.detach().clone()


# %% spoils: new_noise
# Pairs the ends with fresh noise.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return torch.randn_like(noise), torch.cat(ends)


# %% spoils: ends_twice
# Gives the ends for the starts too.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return torch.cat(ends), torch.cat(ends)


# %% spoils: one_step_less
# Stops a step early.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps - 1):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: backwards_in_time
# Runs the times from 1 to 0.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), 1 - k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: graph_recorded
# Records the graph of all steps.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.enable_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: velocities
# Gives the ways, not the ends.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends) - noise.detach()


# %% spoils: equal_portions
# Makes portions of equal size, which are smaller than allowed.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in torch.tensor_split(noise, -(-len(noise) // batch_size)):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: padded
# Fills the last portion with rows of the first.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            n = len(x)
            x = torch.cat([x, noise.repeat(batch_size, *[1] * (noise.ndim - 1))[: batch_size - n]])
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x[:n])
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: start_with_graph
# Gives the noise with its graph.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise, torch.cat(ends)


# %% corner: not_refused
# Takes any numbers for one at least.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    n_steps, batch_size = max(n_steps, 1), max(batch_size, 1)
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% corner: steps_not_refused
# Returns the noise where there are no steps.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends)


# %% corner: noise_overwritten
# Moves the noise in place.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    start = noise.detach().clone()
    with torch.no_grad():
        ends = []
        for x in noise.detach().split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x += network(x, t) / n_steps
            ends.append(x)
    return start, torch.cat(ends)


# %% corner: squeezed
# Drops axes of size one.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends).squeeze()


# %% corner: bounded
# Clips the ends to a plausible range.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends).clamp(-1000, 1000)


# %% corner: single_precision
# Computes in float32.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.float().split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return noise.detach().clone(), torch.cat(ends).to(noise.dtype)


# %% right: by_the_sampler
# Calls euler_sample on slices.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if batch_size <= 0:
        raise ValueError("batch_size must be positive")
    parts = [
        euler_sample(network, noise[i : i + batch_size], n_steps)
        for i in range(0, len(noise), batch_size)
    ]
    return noise.detach(), torch.cat(parts, dim=0)


# %% right: named_tuple
# Writes into a tensor and returns a named tuple.
import torch


from collections import namedtuple

Pairs = namedtuple("Pairs", "z_0 z_1")


@torch.no_grad()
def reflow_pairs(network, noise, n_steps, batch_size):
    if min(n_steps, batch_size) < 1:
        raise ValueError("positive numbers only")
    ends = torch.empty_like(noise)
    for first in range(0, noise.shape[0], batch_size):
        rows = slice(first, min(first + batch_size, noise.shape[0]))
        ends[rows] = euler_sample(network, noise[rows], n_steps)
    return Pairs(noise.clone().detach(), ends)


# %% right: list_of_two
# Returns a list.
import torch


def reflow_pairs(network, noise, n_steps, batch_size):
    if n_steps < 1 or batch_size < 1:
        raise ValueError(f"{n_steps} steps on portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            for k in range(n_steps):
                t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
                x = x + network(x, t) / n_steps
            ends.append(x)
    return [noise.detach() + 0, torch.cat(ends).detach()]
