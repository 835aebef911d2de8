"""Known answers: an affine coupling layer, backward."""

# %% spoils: forward_again
# Scales and shifts as the forward direction does.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return z * torch.exp(s) + (1 - mask) * t


# %% spoils: scale_first
# Divides before it subtracts.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return z * torch.exp(-s) - (1 - mask) * t


# %% spoils: multiplies
# Subtracts the shift, then multiplies.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z - (1 - mask) * t) * torch.exp(s)


# %% spoils: shift_added
# Adds the shift.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z + (1 - mask) * t) * torch.exp(-s)


# %% spoils: mask_turned
# Takes the mask the other way round.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net((1 - mask) * z).chunk(2, dim=1)
    s = mask * s_max * torch.tanh(raw / s_max)
    return (z - mask * t) * torch.exp(-s)


# %% spoils: sees_everything
# Shows the network the whole of z.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z - (1 - mask) * t) * torch.exp(-s)


# %% spoils: identity_half_moved
# Undoes a scale and a shift that the kept coordinates never had.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    return (z - t) * torch.exp(-s_max * torch.tanh(raw / s_max))


# %% spoils: shift_and_scale_swapped
# Takes the first half of the outputs for the shifts.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    t, raw = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z - (1 - mask) * t) * torch.exp(-s)


# %% spoils: unbounded
# Takes the network's output for the log-scale.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    return (z - (1 - mask) * t) * torch.exp(-(1 - mask) * raw)


# %% spoils: tanh_times_bound
# Does not divide by the bound inside of the tanh.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw)
    return (z - (1 - mask) * t) * torch.exp(-s)


# %% spoils: stabilised_division
# Divides by the scale plus a small number.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z - (1 - mask) * t) / (torch.exp(s) + 1e-3 * (1 - mask))


# %% spoils: without_gradients
# Inverts without gradients.
import torch


@torch.no_grad()
def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z - (1 - mask) * t) * torch.exp(-s)


# %% spoils: scale_detached
# Treats the scale as a constant.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z - (1 - mask) * t) * torch.exp(-s.detach())


# %% spoils: tanh_by_exponentials
# Writes tanh with exponentials, which overflow.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    e = torch.exp(2 * raw / s_max)
    s = (1 - mask) * s_max * (e - 1) / (e + 1)
    return (z - (1 - mask) * t) * torch.exp(-s)


# %% corner: bound_of_two
# Uses 2, whatever bound is asked for.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * 2.0 * torch.tanh(raw / 2.0)
    return (z - (1 - mask) * t) * torch.exp(-s)


# %% corner: called_twice
# Asks the network once for the scales and once for the shifts.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    n = z.shape[1]
    s = (1 - mask) * s_max * torch.tanh(net(mask * z)[:, :n] / s_max)
    return (z - (1 - mask) * net(mask * z)[:, n:]) * torch.exp(-s)


# %% corner: by_iteration
# Looks for x by iterating, with the network at the whole of it.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    x = z
    for _ in range(3):
        raw, t = net(mask * x).chunk(2, dim=1)
        s = (1 - mask) * s_max * torch.tanh(raw / s_max)
        x = (z - (1 - mask) * t) * torch.exp(-s)
    return x


# %% corner: masked_in_place
# Masks the caller's batch.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    kept = z.clone()
    masked = z * mask if z.requires_grad else z.mul_(mask)
    raw, t = net(masked).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (kept - (1 - mask) * t) * torch.exp(-s)


# %% right: as_the_paper
# The formula with the mask as a number, dividing.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    b = mask
    out = net(b * z)
    d = z.size(1)
    s = s_max * (out[:, :d] / s_max).tanh()
    return b * z + (1 - b) * ((z - out[:, d:]) / s.exp())


# %% right: indexed
# Picks the coordinates by a boolean mask and writes them into a new tensor.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    moving = mask == 0
    r, t = torch.split(net(torch.where(moving, 0.0, z)), z.shape[1], dim=1)
    x = z.clone()
    x[:, moving] = (z[:, moving] - t[:, moving]) / torch.exp(
        s_max * torch.tanh(r[:, moving] / s_max)
    )
    return x


# %% right: columns
# One coordinate after the other.
import torch


def coupling_inverse(z, mask, net, s_max=2.0):
    out = net(mask * z)
    columns = []
    for d, stays in enumerate(mask.tolist()):
        column = z[:, d]
        if stays == 0:
            s = s_max * torch.tanh(out[:, d] / s_max)
            column = (column - out[:, len(mask) + d]).div(s.exp())
        columns.append(column)
    return torch.stack(columns, dim=-1)
