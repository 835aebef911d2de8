"""Known answers: clipping with the noise made anew."""


# %% spoils: old_noise
# Returns the old noise.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    return eps_hat.clone()


# %% spoils: clips_noise
# Clips the noise instead of the data.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    return eps_hat.clamp(-1, 1) + 0 * x_t


# %% spoils: returns_data
# Returns the clipped data.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1)
    return x_0


# %% spoils: other_range
# Clips to [0, 1].
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(0, 1)
    return (x_t - signal * x_0) / noise


# %% spoils: one_side
# Clips from above only.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(max=1)
    return (x_t - signal * x_0) / noise


# %% spoils: clips_scaled
# Clips the data before they are divided by the root of alpha_bar.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = (x_t - noise * eps_hat).clamp(-1, 1) / signal
    return (x_t - signal * x_0) / noise


# %% spoils: not_divided
# Forgets to divide by the noise.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1)
    return x_t - signal * x_0


# %% spoils: no_roots
# Forgets the roots.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part, x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1)
    return (x_t - signal * x_0) / noise


# %% spoils: rescaled
# Scales data that leave the range instead of clipping them.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = (x_t - noise * eps_hat) / signal
    x_0 = (
        x_0 / x_0.flatten(1).abs().amax(1).clamp(min=1).reshape(-1, *[1] * (x_0.ndim - 1))
        if x_0.ndim > 1
        else x_0.clamp(-1, 1)
    )
    return (x_t - signal * x_0) / noise


# %% spoils: straight_through
# Lets gradients through the clip.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1)
    free = (x_t - noise * eps_hat) / signal
    x_0 = free + (x_0 - free).detach()
    return (x_t - signal * x_0) / noise


# %% spoils: detached
# Detaches the clipped data.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1).detach()
    return (x_t - signal * x_0) / noise


# %% spoils: one_level
# Uses the level of the first sample for all.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (part.sqrt()[0] for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1)
    return (x_t - signal * x_0) / noise


# %% corner: tanh_far
# Softens the clip far away.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-20, 20).clamp(-1, 1)
    return ((x_t - signal * x_0) / noise).clamp(-20, 20)


# %% corner: squeezed
# Takes axes of length 1 away.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1)
    return ((x_t - signal * x_0) / noise).squeeze()


# %% right: difference
# Adds what the clip takes away.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    a = per_sample(alpha_bar_t, x_t)
    x_0 = (x_t - (1 - a).sqrt() * eps_hat) / a.sqrt()
    over = x_0 - torch.clamp(x_0, min=-1.0, max=1.0)
    return eps_hat + (a / (1 - a)).sqrt() * over


# %% right: where
# Chooses between the old and the new noise.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    a = alpha_bar_t.view([-1] + [1] * (x_t.dim() - 1))
    x_0 = x_t / a.sqrt() - (1 / a - 1).sqrt() * eps_hat
    new = (x_t - a.sqrt() * torch.sign(x_0)) / (1 - a).sqrt()
    return torch.where(x_0.abs() > 1, new, eps_hat)


# %% right: hardtanh
# Uses hardtanh and the parameterisations of before.
def clipped_eps(x_t, eps_hat, alpha_bar_t):
    x_0, _ = data_and_noise(eps_hat, x_t, alpha_bar_t, "eps")
    x_0 = torch.nn.functional.hardtanh(x_0)
    return data_and_noise(x_0, x_t, alpha_bar_t, "x_0")[1]


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


# %% right: public_reciprocal_roots
# Multiplies by the roots of 1 / alpha_bar and of 1 / alpha_bar - 1, there and back.
import torch


def clipped_eps(x_t, eps_hat, alpha_bar_t):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    recip, recip_m1 = (1.0 / kept).sqrt(), (1.0 / kept - 1.0).sqrt()
    x_0 = torch.clamp(recip * x_t - recip_m1 * eps_hat, -1, 1)
    return (recip * x_t - x_0) / recip_m1
