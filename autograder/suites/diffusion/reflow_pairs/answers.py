"""Known answers: pairs for a rectified flow."""

# %% spoils: rest_dropped
# Leaves out the last portion if it is smaller.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in [p for p in noise.split(batch_size) if len(p) == min(batch_size, len(noise))]:
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: all_at_once
# Moves all rows at once.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in [noise]:
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: row_by_row
# Moves every row alone.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(1):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: number_of_portions
# Takes the size of portions for their number.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.chunk(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: shuffled
# Gives the ends in another order.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends).flip(0)


# %% spoils: portions_in_reverse
# Puts later portions first.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends[::-1])


# %% spoils: swapped
# Gives the ends first.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return torch.cat(ends), noise.detach().clone()


# %% spoils: new_noise
# Pairs the ends with fresh noise.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return torch.randn_like(noise), torch.cat(ends)


# %% spoils: ends_twice
# Gives the ends for the starts too.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return torch.cat(ends), torch.cat(ends)


# %% spoils: moved_twice
# Moves the ends once more.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(sample(x)))
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: graph_recorded
# Keeps the graph of the sampler.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.enable_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: ways
# Gives the ways, not the ends.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends) - noise.detach()


# %% spoils: equal_portions
# Makes portions of equal size, which are smaller than allowed.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in torch.tensor_split(noise, -(-len(noise) // batch_size)):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: padded
# Fills the last portion with rows of the first.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            n = len(x)
            x = torch.cat([x, noise.repeat(batch_size, *[1] * (noise.ndim - 1))[: batch_size - n]])
            ends.append(sample(x)[:n])
    return noise.detach().clone(), torch.cat(ends)


# %% spoils: start_with_graph
# Gives the noise with its graph.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise, torch.cat(ends)


# %% corner: not_refused
# Takes any number for one at least.
import torch


def reflow_pairs(sample, noise, batch_size):
    batch_size = max(batch_size, 1)
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% corner: squeezed
# Drops axes of size one.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends).squeeze()


# %% corner: bounded
# Clips the ends to a plausible range.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends).clamp(-1000, 1000)


# %% corner: single_precision
# Computes in float32.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.float().split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends).to(noise.dtype)


# %% corner: evaluation_mode
# Puts a network into evaluation mode.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    if hasattr(sample, "eval"):
        sample.eval()
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return noise.detach().clone(), torch.cat(ends)


# %% corner: noise_overwritten
# Writes the ends over the noise.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    start = noise.detach().clone()
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(x.detach().copy_(sample(x)))
    return start, torch.cat(ends)


# %% right: slices
# Goes through slices.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size <= 0:
        raise ValueError("batch_size must be positive")
    parts = [sample(noise[i : i + batch_size]).detach() for i in range(0, len(noise), batch_size)]
    return noise.detach(), torch.cat(parts, dim=0)


# %% right: named_tuple
# Writes into a tensor and returns a named tuple.
import torch


from collections import namedtuple

Pairs = namedtuple("Pairs", "z_0 z_1")


@torch.no_grad()
def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError("positive numbers only")
    ends = torch.empty_like(noise)
    for first in range(0, noise.shape[0], batch_size):
        rows = slice(first, min(first + batch_size, noise.shape[0]))
        ends[rows] = sample(noise[rows])
    return Pairs(noise.clone().detach(), ends)


# %% right: list_of_two
# Returns a list.
import torch


def reflow_pairs(sample, noise, batch_size):
    if batch_size < 1:
        raise ValueError(f"portions of {batch_size}")
    with torch.no_grad():
        ends = []
        for x in noise.split(batch_size):
            ends.append(sample(x))
    return [noise.detach() + 0, torch.cat(ends).detach()]
