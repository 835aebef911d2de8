"""Known answers: noise from one step to another, after public solutions of another course's exercise, rewritten."""

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
