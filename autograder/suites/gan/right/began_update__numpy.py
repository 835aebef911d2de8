"""The dial in numpy."""

import numpy as np


def began_update(real_error, fake_error, k, gamma, lambda_k):
    real = np.mean(real_error.detach().cpu().numpy(), dtype=np.float64)
    fake = np.mean(fake_error.detach().cpu().numpy(), dtype=np.float64)
    new_k = np.clip(k + lambda_k * (gamma * real - fake), 0, 1)
    convergence = real + np.abs(gamma * real - fake)
    return real_error.mean() - k * fake_error.mean(), fake_error.mean(), float(new_k), float(convergence)
