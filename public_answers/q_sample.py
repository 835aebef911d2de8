"""Known answers: noise to any step at once, after public solutions of another course's exercise, rewritten."""

# %% right: public_tables_and_gather
# Makes both tables of roots first, gathers from them, and reshapes by the rank of the data.
import torch


def pick(table, t, like):
    return table.gather(-1, t).reshape(t.shape[0], *(1,) * (like.dim() - 1)).to(like.dtype)


def q_sample(x_0, t, eps, alpha_bar):
    mean = pick(torch.sqrt(alpha_bar), t, x_0) * x_0
    std = pick(torch.sqrt(1.0 - alpha_bar), t, x_0)
    return mean + std * eps


# %% corner: public_float32_tables
# Keeps the two tables of roots in float32, as buffers of a module, for float64 data as well.
import torch


def q_sample(x_0, t, eps, alpha_bar):
    axes = (slice(None),) + (None,) * (x_0.ndim - 1)
    a = alpha_bar.sqrt().float()[t][axes].to(x_0.dtype)
    sigma = (1.0 - alpha_bar).sqrt().float()[t][axes].to(x_0.dtype)
    return x_0 * a + eps * sigma


# %% right: public_root_after_the_pick
# Picks alpha_bar first, and takes the roots of the mean and of the variance after that.
import torch


def q_sample(x_0, t, eps, alpha_bar):
    kept = alpha_bar[t].view(len(t), *[1] * (x_0.dim() - 1))
    variance = 1 - kept
    return (kept.sqrt() * x_0 + torch.sqrt(variance) * eps).to(x_0.dtype)


# %% corner: public_rounded_before_the_difference
# Rounds alpha_bar to float32 first, as a buffer, and takes it from 1 after that.
import torch


def q_sample(x_0, t, eps, alpha_bar):
    kept = alpha_bar.float()[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return kept.sqrt().to(x_0.dtype) * x_0 + (1 - kept).sqrt().to(x_0.dtype) * eps


# %% spoils: public_scaled_again
# Scales the data from [0, 1] to [-1, 1], where they are already.
import torch


def q_sample(x_0, t, eps, alpha_bar):
    kept = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return kept.sqrt().to(x_0.dtype) * (2 * x_0 - 1) + (1 - kept).sqrt().to(x_0.dtype) * eps


# %% spoils: public_images_only
# Gives the coefficients four axes, whatever the data have.
import torch


def q_sample(x_0, t, eps, alpha_bar):
    kept = alpha_bar[t].reshape(-1, 1, 1, 1)
    return kept.sqrt().to(x_0.dtype) * x_0 + (1 - kept).sqrt().to(x_0.dtype) * eps
