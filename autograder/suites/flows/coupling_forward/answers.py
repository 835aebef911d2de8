"""Known answers: an affine coupling layer, forward."""

# %% spoils: sees_everything
# Shows the network the whole input.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: mask_turned
# Transforms the coordinates where the mask is 1.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net((1 - mask) * x).chunk(2, dim=1)
    s = mask * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + mask * t, s.sum(dim=1)


# %% spoils: mask_turned_for_the_network
# Shows the network the coordinates that it transforms.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net((1 - mask) * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: identity_half_scaled
# Scales and shifts all coordinates.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + t, s.sum(dim=1)


# %% spoils: idle_scales_counted
# Counts the log-scales of all coordinates.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = s_max * torch.tanh(raw / s_max)
    z = mask * x + (1 - mask) * (x * torch.exp(s) + t)
    return z, s.sum(dim=1)


# %% spoils: zero_log_det
# Returns zeros for the log-determinants.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, 0 * s.sum(dim=1)


# %% spoils: minus_log_det
# Returns the log-determinant of the inverse.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, -s.sum(dim=1)


# %% spoils: summed_over_the_batch
# Adds up the log-determinants of all samples.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum().expand(len(x))


# %% spoils: mean_over_coordinates
# Averages the log-scales, which is right where one coordinate is transformed.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    log_det = s.sum(dim=1) / (1 - mask).sum().clamp(min=1)
    return x * torch.exp(s) + (1 - mask) * t, log_det


# %% spoils: shift_first
# Shifts before it scales.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (x + (1 - mask) * t) * torch.exp(s), s.sum(dim=1)


# %% spoils: shift_and_scale_swapped
# Takes the first half of the outputs for the shifts.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    t, raw = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: interleaved
# Reads scales and shifts in turn.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    out = net(mask * x)
    raw, t = out[:, 0::2], out[:, 1::2]
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: divides
# Scales by exp(-s), as the other direction does.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (x - (1 - mask) * t) * torch.exp(-s), -s.sum(dim=1)


# %% spoils: unbounded
# Takes the network's output for the log-scale.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * raw
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: clamped
# Cuts the log-scale off at the bound, where it no longer learns.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * raw.clamp(-s_max, s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: tanh_times_bound
# Does not divide by the bound inside of the tanh.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: tanh_by_exponentials
# Writes tanh with exponentials, which overflow.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    e = torch.exp(2 * raw / s_max)
    s = (1 - mask) * s_max * (e - 1) / (e + 1)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: scale_detached
# Treats the scale as a constant in z.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s).detach() + (1 - mask) * t, s.sum(dim=1)


# %% spoils: log_det_detached
# Treats the log-determinant as a constant.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1).detach()


# %% spoils: network_input_detached
# Sends no gradient through the network to what stays, and so none to the layers before.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net((mask * x).detach()).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% spoils: first_half_stays
# Keeps the first coordinates, as many as the mask has ones.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    mask = mask.sort(descending=True).values
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% corner: bound_of_two
# Uses 2, whatever bound is asked for.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * 2.0 * torch.tanh(raw / 2.0)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% corner: called_twice
# Asks the network once for the scales and once for the shifts.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    n = x.shape[1]
    raw, t = net(mask * x)[:, :n], net(mask * x)[:, n:]
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return x * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% corner: masked_in_place
# Masks the caller's batch.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    kept = x.clone()
    if x.requires_grad:
        masked = x * mask
    else:
        masked = x.mul_(mask)
    raw, t = net(masked).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return kept * torch.exp(s) + (1 - mask) * t, s.sum(dim=1)


# %% corner: idle_outputs_leak
# Adds all scaled shifts and takes those of the other coordinates off again.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    raw, t = net(mask * x).chunk(2, dim=1)
    s = s_max * torch.tanh(raw / s_max)
    total = s.sum(dim=1) - (mask * s).sum(dim=1)
    z = x * torch.exp((1 - mask) * s) + (t + 1e-3 * x) - mask * t - (1e-3 * x)
    return z, total


# %% right: as_the_paper
# The paper's formula, with the mask as a number.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    b = mask
    out = net(b * x)
    d = x.size(1)
    s = s_max * (out[:, :d] / s_max).tanh()
    y = b * x + (1 - b) * (x * s.exp() + out[:, d:])
    return y, ((1 - b) * s).sum(-1)


# %% right: indexed
# Picks the coordinates by a boolean mask and writes them into a new tensor.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    moving = mask == 0
    out = net(torch.where(moving, torch.zeros_like(x), x))
    r, t = torch.split(out, x.shape[1], dim=1)
    s = s_max * torch.tanh(r[:, moving] / s_max)
    z = x.clone()
    z[:, moving] = x[:, moving] * torch.exp(s) + t[:, moving]
    return [z, torch.einsum("bd->b", s)]


# %% right: product_of_scales
# The log-determinant as the logarithm of a product, and a named tuple.
from collections import namedtuple

import torch

Result = namedtuple("Result", ["z", "log_det"])


def coupling_forward(x, mask, net, s_max=2.0):
    r, t = torch.tensor_split(net(x * mask.unsqueeze(0)), 2, dim=-1)
    scale = torch.where(mask.bool(), 1.0, torch.exp(s_max * torch.tanh(r / s_max)))
    shift = torch.where(mask.bool(), 0.0, t)
    return Result(scale * x + shift, scale.log().sum(1))


# %% right: columns
# One coordinate after the other.
import torch


def coupling_forward(x, mask, net, s_max=2.0):
    D = x.shape[1]
    out = net(mask[None, :] * x)
    columns, log_det = [], x.new_zeros(x.shape[0])
    for d in range(D):
        if mask[d] > 0.5:
            columns.append(x[:, d])
            continue
        s = torch.tanh(out[:, d] / s_max) * s_max
        columns.append(torch.addcmul(out[:, D + d], x[:, d], torch.exp(s)))
        log_det = log_det + s
    return torch.stack(columns, 1), log_det
