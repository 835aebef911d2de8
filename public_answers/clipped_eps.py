"""Known answers: the noise of a clipped estimate, after public solutions of another course's exercise, rewritten."""

# %% right: public_minimum_and_maximum
# Clips by a minimum and a maximum, and makes the noise anew by two quotients.
import torch


def clipped_eps(x_t, eps_hat, alpha_bar_t):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    x_0 = x_t / a - s * eps_hat / a
    x_0 = torch.clamp(torch.clamp(x_0, min=-1.0), max=1.0)
    return x_t / s - a * x_0 / s


# %% spoils: public_noise_from_before_the_clip
# Computes the noise before the estimate is clipped.
import torch


def clipped_eps(x_t, eps_hat, alpha_bar_t):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    x_0 = (x_t - s * eps_hat) / a
    eps = (x_t - a * x_0) / s
    x_0 = x_0.clamp(-1, 1)
    return eps


# %% spoils: public_noise_clipped
# Clips the noise in place of the data.
import torch


def clipped_eps(x_t, eps_hat, alpha_bar_t):
    return eps_hat.clamp(-1.0, 1.0)
