"""Known answers: BEGAN: losses, balance and convergence."""


# %% spoils: convergence_of_fake
# Adds the imbalance to the error of the generated images.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, fake.item() + abs(balance)


# %% spoils: convergence_signed
# Leaves the absolute value out of the measure of convergence.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + balance


# %% spoils: convergence_without_gamma
# Leaves gamma out of the measure of convergence.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(real.item() - fake.item())


# %% spoils: d_sign
# Adds the generated images' error to the discriminator's loss.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real + k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: fake_detached
# Holds the generated images' error constant in the discriminator's loss.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake.detach(), fake, new_k, real.item() + abs(balance)


# %% spoils: g_weighted
# Weighs the generator's loss by k as well.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, k * fake, new_k, real.item() + abs(balance)


# %% spoils: gamma_on_both
# Puts gamma on the difference of the errors.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * (real.item() - fake.item())
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: gamma_on_fake
# Puts gamma on the error of the generated images.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = real.item() - gamma * fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: k_sign
# Moves k in the wrong direction.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k - lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: k_with_graph
# Returns k as a tensor that drags the graph along.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real - fake
    new_k = (k + lambda_k * balance).clamp(0, 1)
    return real - k * fake, fake, new_k, (real + balance.abs()).item()


# %% spoils: no_lambda
# Moves k by the whole imbalance.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: not_clipped
# Lets k leave its range at both ends.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = k + lambda_k * balance
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: not_clipped_above
# Lets k rise above one.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = max(k + lambda_k * balance, 0.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: not_clipped_below
# Lets k fall below zero.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(k + lambda_k * balance, 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: step_doubled
# Moves k by the sum of the imbalances instead of their mean, divided by the wrong size.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real = real_error.mean()
    fake = fake_error.sum() / len(real_error)
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: updated_first
# Weighs the discriminator's loss by the new k.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - new_k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: absolute_per_image
# Takes the absolute value image by image before it averages.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    apart = (gamma * real - fake_error.detach()).abs().mean().item()
    return real - k * fake, fake, new_k, real.item() + apart


# %% corner: balance_capped
# Caps the imbalance at one before it moves k.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * max(-1.5, min(1.5, balance)), 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% corner: default_gamma
# Takes a gamma of zero for one that was not given.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    gamma = gamma or 0.5
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: g_detached
# Returns the generator's loss without a gradient of its own.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake.detach(), new_k, real.item() + abs(balance)


# %% spoils: last_k
# Goes on from the k of its own last call.
dial = {}


def began_update(real_error, fake_error, k, gamma, lambda_k):
    k = dial.get("k", k)
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    dial["k"] = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, dial["k"], real.item() + abs(balance)


# %% corner: lifted_off_zero
# Keeps k a little above zero, so that the second task never ends.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 1e-3), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: measure_with_graph
# Returns the measure of convergence with its graph.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real - fake
    new_k = min(max(k + lambda_k * balance.item(), 0.0), 1.0)
    return real - k * fake, fake, new_k, real + balance.abs()


# %% spoils: rounded
# Rounds the dial to three digits, which swallows small steps.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = round(min(max(k + lambda_k * balance, 0.0), 1.0), 3)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% spoils: zipped
# Walks through both batches at once, up to the end of the shorter one.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    n = min(len(real_error), len(fake_error))
    real, fake = real_error[:n].mean(), fake_error[:n].mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% right: integers
# Integer ends of the range, branches instead of min and max.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    L_x, L_g = real_error.mean(), fake_error.mean()
    x, g = float(L_x), float(L_g)
    k_next = k + lambda_k * (gamma * x - g)
    if k_next < 0:
        k_next = 0
    elif k_next > 1:
        k_next = 1
    return (L_x - k * L_g, L_g, k_next, x + abs(gamma * x - g))


# %% right: no_grad
# The dial under no_grad, with torch.clamp.
import torch


def began_update(real_error, fake_error, k, gamma, lambda_k):
    d_loss = torch.mean(real_error) - k * torch.mean(fake_error)
    g_loss = torch.mean(fake_error)
    with torch.no_grad():
        gap = gamma * real_error.mean() - fake_error.mean()
        new_k = torch.clamp(k + lambda_k * gap, 0.0, 1.0)
        measure = real_error.mean() + gap.abs()
    return d_loss, g_loss, float(new_k), float(measure)


# %% right: numpy
# The dial in numpy.
import numpy as np


def began_update(real_error, fake_error, k, gamma, lambda_k):
    real = np.mean(real_error.detach().cpu().numpy(), dtype=np.float64)
    fake = np.mean(fake_error.detach().cpu().numpy(), dtype=np.float64)
    new_k = np.clip(k + lambda_k * (gamma * real - fake), 0, 1)
    convergence = real + np.abs(gamma * real - fake)
    return (
        real_error.mean() - k * fake_error.mean(),
        fake_error.mean(),
        float(new_k),
        float(convergence),
    )


# %% right: named_tuple
# Returns a named tuple, with numbers of NumPy.
from typing import NamedTuple

import numpy as np
import torch


class Update(NamedTuple):
    d_loss: torch.Tensor
    g_loss: torch.Tensor
    new_k: float
    convergence: float


def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    gap = np.float64(gamma * real.item() - fake.item())
    return Update(real - k * fake, fake, np.clip(k + lambda_k * gap, 0, 1), real.item() + abs(gap))


# %% right: list_of_results
# Returns a list, with a median for the clip and the numbers computed by tensors.
import torch


def began_update(real_error, fake_error, k, gamma, lambda_k):
    losses = [real_error.mean() - k * fake_error.mean(), fake_error.mean()]
    real, fake = real_error.detach().double().mean(), fake_error.detach().double().mean()
    moved = k + lambda_k * (gamma * real - fake)
    clipped = torch.stack([torch.zeros_like(moved), moved, torch.ones_like(moved)]).median()
    return [*losses, clipped.tolist(), (real + (gamma * real - fake).abs()).tolist()]
