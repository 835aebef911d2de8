"""Known answers: the linear schedule."""


# %% spoils: end_missing
# Divides by the number of steps, so that the last beta is never reached.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return first + (last - first) * torch.arange(n_steps, dtype=torch.float64) / n_steps


# %% spoils: start_missing
# Counts the steps from 1, so that the first beta is left out.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return first + (last - first) * torch.arange(1, n_steps + 1, dtype=torch.float64) / n_steps


# %% spoils: linear_roots
# Lets the roots rise evenly, the schedule of latent diffusion.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.linspace(first**0.5, last**0.5, n_steps, dtype=torch.float64) ** 2


# %% spoils: geometric
# Lets the logarithms rise evenly.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.logspace(math.log10(first), math.log10(last), n_steps, dtype=torch.float64)


# %% spoils: rescaled
# Rescales the ends to the number of steps, as some libraries do.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    scale = 1000 / n_steps
    return torch.linspace(scale * first, scale * last, n_steps, dtype=torch.float64)


# %% spoils: one_more
# Has a beta more than there are steps.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.linspace(first, last, n_steps + 1, dtype=torch.float64)


# %% spoils: ignores_ends
# Always takes the ends of the paper.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.linspace(1e-4, 0.02, n_steps, dtype=torch.float64)


# %% corner: single
# Is float32.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.linspace(first, last, n_steps)


# %% corner: float32_inside
# Computes in float32 and converts the rounded numbers.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.linspace(first, last, n_steps).double()


# %% corner: one_step_fails
# Divides by zero for a schedule of one step.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    i = torch.arange(n_steps, dtype=torch.float64)
    return first + (last - first) * i / (n_steps - 1)


# %% right: numpy_inside
# Makes the numbers with NumPy.
import numpy as np


def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.from_numpy(np.linspace(first, last, n_steps))


# %% right: steps_of_one
# Adds the same difference at each step.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    step = (last - first) / max(n_steps - 1, 1)
    betas = first + step * torch.arange(n_steps, dtype=torch.float64)
    if n_steps > 1:
        betas[-1] = last
    return betas


# %% right: listed
# Makes a list.
def linear_schedule(n_steps, first=1e-4, last=0.02):
    shares = [i / max(1, n_steps - 1) for i in range(n_steps)]
    return torch.tensor([(1 - a) * first + a * last for a in shares], dtype=torch.float64)


# %% right: public_linspace_of_scaled_ends
# Takes the ends as float64 tensors and interpolates between them.
import torch


def linear_schedule(n_steps, first=1e-4, last=0.02):
    share = torch.linspace(0, 1, n_steps, dtype=torch.float64)
    return torch.lerp(
        torch.full((n_steps,), float(first), dtype=torch.float64),
        torch.full((n_steps,), float(last), dtype=torch.float64),
        share,
    )


# %% spoils: public_scaled_for_other_lengths
# Scales both ends by 1000 / T, so that every T ends at the same noise.
import torch


def linear_schedule(n_steps, first=1e-4, last=0.02):
    scale = 1000 / n_steps
    return torch.linspace(scale * first, scale * last, n_steps, dtype=torch.float64)


# %% corner: public_default_precision
# Leaves the schedule in float32, as buffers of a module usually are.
import torch


def linear_schedule(n_steps, first=1e-4, last=0.02):
    return torch.linspace(first, last, n_steps, dtype=torch.float64).float()
