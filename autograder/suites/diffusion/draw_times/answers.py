"""Known answers: one step for each sample."""


# %% spoils: last_never_drawn
# Spreads over 0..T-2 only.
def draw_times(u, n_steps):
    return (u * (n_steps - 1)).long()


# %% spoils: from_one
# Counts from 1 to T.
def draw_times(u, n_steps):
    return (u * n_steps).long().clamp(max=n_steps - 1) + 1


# %% spoils: first_never_drawn
# Counts from 1, and cuts at the end.
def draw_times(u, n_steps):
    return torch.ceil(u * n_steps).long().clamp(1, n_steps - 1)


# %% spoils: rounded
# Rounds, so that the first and last steps are drawn half as often.
def draw_times(u, n_steps):
    return (u * (n_steps - 1)).round().long()


# %% spoils: one_for_all
# Takes one step for the whole batch.
def draw_times(u, n_steps):
    return (u[:1] * n_steps).long().clamp(max=n_steps - 1).expand(len(u))


# %% spoils: floats
# Returns floats.
def draw_times(u, n_steps):
    return torch.floor(u * n_steps).clamp(max=n_steps - 1)


# %% spoils: int32
# Returns int32.
def draw_times(u, n_steps):
    return (u * n_steps).int().clamp(max=n_steps - 1)


# %% spoils: own_numbers
# Draws its own numbers.
def draw_times(u, n_steps):
    return torch.randint(0, n_steps, u.shape, device=u.device)


# %% spoils: backwards
# Counts from the end.
def draw_times(u, n_steps):
    return n_steps - 1 - (u * n_steps).long().clamp(max=n_steps - 1)


# %% spoils: sorted_steps
# Sorts the steps.
def draw_times(u, n_steps):
    return (u * n_steps).long().clamp(max=n_steps - 1).sort().values


# %% corner: no_limit
# Gives T for u = 1.
def draw_times(u, n_steps):
    return (u * n_steps).long()


# %% corner: wraps_around
# Wraps around at the end.
def draw_times(u, n_steps):
    return (u * n_steps).long() % n_steps


# %% corner: in_place
# Multiplies in place.
def draw_times(u, n_steps):
    return u.mul_(n_steps).long().clamp(max=n_steps - 1)


# %% right: floored
# Floors, and takes the minimum.
def draw_times(u, n_steps):
    last = torch.full_like(u, n_steps - 1)
    return torch.minimum(torch.floor(n_steps * u), last).to(torch.int64)


# %% right: listed
# Goes number by number.
def draw_times(u, n_steps):
    steps = [min(int(x * n_steps), n_steps - 1) for x in u.tolist()]
    return torch.tensor(steps, device=u.device)


# %% right: bucketized
# Looks up the part that a number is in.
def draw_times(u, n_steps):
    bounds = torch.arange(1, n_steps, device=u.device, dtype=u.dtype) / n_steps
    return torch.searchsorted(bounds, u.contiguous(), right=True)


# %% spoils: public_own_random_steps
# Draws steps by randint, and does not look at the numbers that are handed in.
import torch


def draw_times(u, n_steps):
    return torch.randint(0, n_steps, (u.shape[0],), device=u.device).long()


# %% spoils: public_one_step_for_all
# Gives all samples the step of the first.
import torch


def draw_times(u, n_steps):
    first = (u * n_steps).long().clamp(max=n_steps - 1)[0]
    return torch.full((u.shape[0],), int(first), device=u.device, dtype=torch.long)
