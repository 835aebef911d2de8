"""Known answers: BEGAN: losses, balance and convergence."""


# %% wrong: convergence_of_fake
# Adds the imbalance to the error of the generated images.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, fake.item() + abs(balance)


# %% wrong: convergence_signed
# Leaves the absolute value out of the measure of convergence.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + balance


# %% wrong: convergence_without_gamma
# Leaves gamma out of the measure of convergence.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(real.item() - fake.item())


# %% wrong: d_sign
# Adds the generated images' error to the discriminator's loss.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real + k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: fake_detached
# Holds the generated images' error constant in the discriminator's loss.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake.detach(), fake, new_k, real.item() + abs(balance)


# %% wrong: g_weighted
# Weighs the generator's loss by k as well.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, k * fake, new_k, real.item() + abs(balance)


# %% wrong: gamma_on_both
# Puts gamma on the difference of the errors.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * (real.item() - fake.item())
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: gamma_on_fake
# Puts gamma on the error of the generated images.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = real.item() - gamma * fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: k_sign
# Moves k in the wrong direction.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k - lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: k_with_graph
# Returns k as a tensor that drags the graph along.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real - fake
    new_k = (k + lambda_k * balance).clamp(0, 1)
    return real - k * fake, fake, new_k, (real + balance.abs()).item()


# %% wrong: no_lambda
# Moves k by the whole imbalance.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: not_clipped
# Lets k leave its range at both ends.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = k + lambda_k * balance
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: not_clipped_above
# Lets k rise above one.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = max(k + lambda_k * balance, 0.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: not_clipped_below
# Lets k fall below zero.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(k + lambda_k * balance, 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: step_doubled
# Moves k by the sum of the imbalances instead of their mean, divided by the wrong size.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real = real_error.mean()
    fake = fake_error.sum() / len(real_error)
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)


# %% wrong: updated_first
# Weighs the discriminator's loss by the new k.
def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - new_k * fake, fake, new_k, real.item() + abs(balance)


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
