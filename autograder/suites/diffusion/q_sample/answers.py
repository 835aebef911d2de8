"""Known answers: q(x_t | x_0)."""


# %% spoils: no_roots
# Uses alpha_bar and 1 - alpha_bar without roots.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.to(x_0.dtype) * x_0 + (1 - at_t).to(x_0.dtype) * eps


# %% spoils: root_of_noise_missing
# Scales the noise with the variance.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).to(x_0.dtype) * eps


# %% spoils: one_minus_root
# Takes 1 - sqrt(alpha_bar) for the noise.
def q_sample(x_0, t, eps, alpha_bar):
    root = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1)).sqrt()
    return root.to(x_0.dtype) * x_0 + (1 - root).to(x_0.dtype) * eps


# %% spoils: swapped
# Swaps signal and noise.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return (1 - at_t).sqrt().to(x_0.dtype) * x_0 + at_t.sqrt().to(x_0.dtype) * eps


# %% spoils: off_by_one
# Takes the step before, as if papers' steps came in.
def q_sample(x_0, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    at_t = before[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps


# %% spoils: one_step_for_all
# Uses the first sample's step for the whole batch.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t[0]]
    return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps


# %% spoils: broadcast_from_the_right
# Lets PyTorch broadcast, which puts the steps along the last axis.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t]
    try:
        return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    except RuntimeError:
        at_t = at_t.reshape(-1, *[1] * (x_0.dim() - 1))
        return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps


# %% spoils: images_only
# Has four axes in any case.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t][:, None, None, None]
    return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps


# %% spoils: float64_images
# Lets the schedule's float64 come through.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.sqrt() * x_0 + (1 - at_t).sqrt() * eps


# %% spoils: clamped
# Clamps the result to [-1, 1].
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return x_t.clamp(-1, 1)


# %% spoils: no_gradients
# Records no gradients.
@torch.no_grad()
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps


# %% spoils: new_noise
# Draws its own noise.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * torch.randn_like(eps)


# %% corner: rounded_schedule
# Casts the schedule first, so that 1 - alpha_bar has few digits.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar.to(x_0.dtype)[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.sqrt() * x_0 + (1 - at_t).sqrt() * eps


# %% corner: squeezed
# Takes axes of one away.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return x_t.squeeze()


# %% corner: clamped_noise_level
# Keeps the noise above a small level.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    noise = (1 - at_t).clamp(min=1e-5).sqrt()
    return at_t.sqrt().to(x_0.dtype) * x_0 + noise.to(x_0.dtype) * eps


# %% right: gathered
# Gathers and views, as many repositories do.
def q_sample(x_0, t, eps, alpha_bar):
    shape = (len(t),) + (1,) * (x_0.ndim - 1)
    signal = alpha_bar.sqrt().gather(0, t).view(shape).type_as(x_0)
    noise = (1 - alpha_bar).sqrt().gather(0, t).view(shape).type_as(x_0)
    return signal * x_0 + noise * eps


# %% right: einsum
# Multiplies by einsum.
def q_sample(x_0, t, eps, alpha_bar):
    signal, noise = alpha_bar[t].sqrt().to(x_0.dtype), (1 - alpha_bar[t]).sqrt().to(x_0.dtype)
    return torch.einsum("b,b...->b...", signal, x_0) + torch.einsum("b,b...->b...", noise, eps)


# %% right: loop
# Works sample by sample.
def q_sample(x_0, t, eps, alpha_bar):
    rows = []
    for x, step, noise in zip(x_0, t.tolist(), eps):
        a = alpha_bar[step]
        rows.append((a**0.5).to(x.dtype) * x + ((1 - a) ** 0.5).to(x.dtype) * noise)
    return torch.stack(rows)


# %% right: wide_then_cast
# Computes all in the schedule's precision and casts the result.
def q_sample(x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return (at_t.sqrt() * x_0 + (1 - at_t).sqrt() * eps).to(x_0.dtype)


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
