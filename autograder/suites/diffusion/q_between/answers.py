"""Known answers: q(x_t | x_s)."""


# %% spoils: last_entry
# Takes the last entry of alpha_bar for s = -1.
def q_between(x_s, s, t, eps, alpha_bar):
    ratio = (alpha_bar[t] / alpha_bar[s]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).abs().sqrt().to(x_s.dtype) * eps


# %% spoils: first_entry
# Takes the first entry of alpha_bar for s = -1.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / alpha_bar[s.clamp(min=0)]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% spoils: from_data
# Ignores s, as if the data came in.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% spoils: difference_of_variances
# Takes the difference of the variances for the noise, without the factor.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / before[s + 1]).reshape(-1, *[1] * (x_s.dim() - 1))
    noise = (before[s + 1] - alpha_bar[t]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + noise.sqrt().to(x_s.dtype) * eps


# %% spoils: no_root
# Forgets the roots.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / before[s + 1]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.to(x_s.dtype) * x_s + (1 - ratio).to(x_s.dtype) * eps


# %% spoils: noise_of_t
# Adds the noise that the data would get at t.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / before[s + 1]).reshape(-1, *[1] * (x_s.dim() - 1))
    noise = (1 - alpha_bar[t]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + noise.sqrt().to(x_s.dtype) * eps


# %% spoils: off_by_one
# Leaves out the first of the steps.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / alpha_bar[(s + 1).clamp(max=len(alpha_bar) - 1)]).reshape(
        -1, *[1] * (x_s.dim() - 1)
    )
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% spoils: one_step_of_t
# Does step t only, whatever s is.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / before[t]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% spoils: one_pair_for_all
# Uses the first sample's pair for the whole batch.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = ((alpha_bar[t] / before[s + 1])[:1].expand(len(x_s))).reshape(
        -1, *[1] * (x_s.dim() - 1)
    )
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% spoils: inverted
# Divides the wrong way round.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (before[s + 1] / alpha_bar[t]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (ratio - 1).sqrt().to(x_s.dtype) * eps


# %% spoils: float64_images
# Lets the schedule's float64 come through.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / before[s + 1]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt() * x_s + (1 - ratio).sqrt() * eps


# %% spoils: all_or_none
# Looks only at the first sample for s = -1.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar[t] / (before[s + 1] if s[0] < 0 else alpha_bar[s])).reshape(
        -1, *[1] * (x_s.dim() - 1)
    )
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).abs().sqrt().to(x_s.dtype) * eps


# %% spoils: detached_schedule
# Sends no gradient to the schedule.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = (alpha_bar.detach()[t] / before.detach()[s + 1]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% corner: rounded_ratio
# Casts the ratio before it is subtracted from 1.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    ratio = ((alpha_bar[t] / before[s + 1]).to(x_s.dtype)).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt() * x_s + (1 - ratio).sqrt() * eps


# %% corner: changes_s
# Counts s up in place.
def q_between(x_s, s, t, eps, alpha_bar):
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])
    s += 1
    ratio = (alpha_bar[t] / before[s]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% right: where
# Chooses by torch.where.
def q_between(x_s, s, t, eps, alpha_bar):
    at_s = torch.where(s < 0, torch.ones_like(alpha_bar[s]), alpha_bar[s])
    ratio = (alpha_bar[t] / at_s).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps


# %% right: one_behind
# Puts the 1 at the end, where index -1 finds it.
def q_between(x_s, s, t, eps, alpha_bar):
    padded = F.pad(alpha_bar, (0, 1), value=1.0)
    a, b = padded[s], padded[t]
    column = (slice(None),) + (None,) * (x_s.ndim - 1)
    scale, noise = (b / a).sqrt()[column], ((a - b) / a).sqrt()[column]
    return scale.to(x_s.dtype) * x_s + noise.to(x_s.dtype) * eps


# %% right: products
# Multiplies the alphas in between, sample by sample.
def q_between(x_s, s, t, eps, alpha_bar):
    alphas = alpha_bar / torch.cat([alpha_bar.new_ones(1), alpha_bar[:-1]])
    rows = []
    for x, i, j, noise in zip(x_s, s.tolist(), t.tolist(), eps):
        ratio = alphas[i + 1 : j + 1].prod()
        rows.append(ratio.sqrt().to(x.dtype) * x + (1 - ratio).sqrt().to(x.dtype) * noise)
    return torch.stack(rows)


# %% right: public_padded_table
# Puts the 1 in front by padding, and gathers from the longer table.
import torch
import torch.nn.functional as F


def q_between(x_s, s, t, eps, alpha_bar):
    longer = F.pad(alpha_bar, (1, 0), value=1.0)
    ratio = longer.gather(-1, t + 1) / longer.gather(-1, s + 1)
    ratio = ratio.reshape(x_s.shape[0], *((1,) * (x_s.dim() - 1)))
    return torch.sqrt(ratio).to(x_s.dtype) * x_s + torch.sqrt(1.0 - ratio).to(x_s.dtype) * eps


# %% right: public_where_for_the_data
# Replaces what index -1 picks by 1.
import torch


def q_between(x_s, s, t, eps, alpha_bar):
    start = torch.where(s < 0, torch.ones_like(alpha_bar[s]), alpha_bar[s])
    ratio = (alpha_bar[t] / start).view(-1, *[1] * (x_s.ndim - 1))
    mean = ratio.sqrt().to(x_s.dtype) * x_s
    return mean + (1 - ratio).sqrt().to(x_s.dtype) * eps
