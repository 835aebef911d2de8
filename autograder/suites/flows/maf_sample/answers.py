"""Known answers: the inverse of a masked autoregressive flow."""


# %% spoils: one_pass
# Computes all components in one pass, from the noise.
def maf_sample(conditioner, z, order):
    mu, log_scale = conditioner(z).chunk(2, dim=1)
    return mu + z * log_scale.exp()


# %% spoils: natural_order
# Finds the components in the order of their indices, whatever the order is.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in range(z.shape[1]):
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% spoils: places_for_order
# Takes the order for the places of the components.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.argsort().tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% spoils: order_reversed
# Begins with the component that comes last.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.flip(0).tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% spoils: forward_formula
# Applies the forward formula in each pass.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, (z - mu) * (-log_scale).exp(), x)
    return x


# %% spoils: negative_scale
# Divides by the scale and adds the mean.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * (-log_scale).exp(), x)
    return x


# %% spoils: noise_in_the_passes
# Starts from the noise and overwrites it, so that the conditioner sees noise where nothing is known; its own inputs are right.
import torch


def maf_sample(conditioner, z, order):
    x = z.clone()
    for index in order.tolist():
        mu, log_scale = conditioner(z).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% spoils: one_pass_too_few
# Leaves out the last pass.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order[:-1].tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    mu, log_scale = conditioner(torch.zeros_like(z)).chunk(2, dim=1)
    here = torch.arange(z.shape[1], device=z.device) == order[-1]
    return torch.where(here, mu + z * log_scale.exp(), x)


# %% spoils: written_in_place
# Writes into the tensor that the conditioner has seen, so that backward fails or is wrong.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        x[:, index] = mu[:, index] + z[:, index] * log_scale[:, index].exp()
    return x


# %% spoils: without_gradients
# Samples under no_grad.
import torch


@torch.no_grad()
def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        x[:, index] = mu[:, index] + z[:, index] * log_scale[:, index].exp()
    return x


# %% spoils: passes_detached
# Detaches what is known before each pass, so that gradients miss the way through earlier components.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x.detach()).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% spoils: gradient_at_the_end_only
# Finds x without gradients and repeats the last formula with them.
import torch


def maf_sample(conditioner, z, order):
    with torch.no_grad():
        x = torch.zeros_like(z)
        for index in order.tolist():
            mu, log_scale = conditioner(x).chunk(2, dim=1)
            x[:, index] = mu[:, index] + z[:, index] * log_scale[:, index].exp()
    if not z.requires_grad:
        return x
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return mu + z * log_scale.exp()


# %% corner: fixed_point
# Iterates on all components at once, D times: the order does not matter then, but what is not known yet may overflow.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for _ in range(z.shape[1]):
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        x = mu + z * log_scale.exp()
    return x


# %% corner: one_pass_more
# Takes one pass more than needed.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in [*order.tolist(), int(order[-1])]:
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% corner: sample_by_sample
# Runs the passes for each sample alone.
import torch


def maf_sample(conditioner, z, order):
    rows = []
    for row in z.split(1):
        x = torch.zeros_like(row)
        for index in order.tolist():
            mu, log_scale = conditioner(x).chunk(2, dim=1)
            here = torch.arange(z.shape[1], device=z.device) == index
            x = torch.where(here, mu + row * log_scale.exp(), x)
        rows.append(x)
    return torch.cat(rows)


# %% corner: noise_for_unknown
# Shows the conditioner the noise where nothing is known yet.
import torch


def maf_sample(conditioner, z, order):
    x = z
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% corner: clamped
# Clamps the log-scales at 2.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.clamp(max=2).exp(), x)
    return x


# %% corner: squeezed
# Drops the batch axis of a batch of one.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x.squeeze()


# %% corner: noise_overwritten
# Writes the samples into the caller's noise, where that needs no gradients.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1], device=z.device) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x if z.requires_grad else z.copy_(x.detach())


# %% corner: default_precision
# Starts from zeros in the default precision, on the CPU.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros(z.shape)
    for index in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=1)
        here = torch.arange(z.shape[1]) == index
        x = torch.where(here, mu + z * log_scale.exp(), x)
    return x


# %% right: columns
# Keeps the components in a list and stacks them for each pass.
import torch


def maf_sample(conditioner, z, order):
    n = z.shape[1]
    columns = [torch.zeros_like(z[:, 0]) for _ in range(n)]
    for i in order.tolist():
        out = conditioner(torch.stack(columns, 1))
        columns[i] = out[:, i] + z[:, i] * out[:, n + i].exp()
    return torch.stack(columns, 1)


# %% right: clones
# Hands the conditioner a copy and writes into the original.
import torch


def maf_sample(conditioner, z, order):
    x = torch.zeros_like(z)
    for i in order:
        mu, log_scale = conditioner(x.clone()).chunk(2, dim=1)
        x = x.clone()
        x[:, i] = mu[:, i] + z[:, i] * torch.exp(log_scale[:, i])
    return x


# %% right: index_copy
# Copies the new component in by index_copy.
import torch


def maf_sample(conditioner, z, order):
    known = z.new_zeros(z.size())
    for k in range(len(order)):
        out = conditioner(known).unflatten(1, (2, -1))
        found = out[:, 0] + torch.exp(out[:, 1]) * z
        known = known.index_copy(1, order[k : k + 1], found.index_select(1, order[k : k + 1]))
    return known


# %% right: masks_multiplied
# Multiplies by a mask of what is known, and adds up.
import torch


def maf_sample(conditioner, z, order):
    eye = torch.eye(z.shape[1], dtype=z.dtype, device=z.device)
    x = 0 * z.detach()
    for i in order.tolist():
        mu, log_scale = conditioner(x).chunk(2, dim=-1)
        value = (mu + z * log_scale.exp())[:, i : i + 1]
        x = x + value * eye[i]
    return x


# %% right: recursive
# Goes through the order by recursion.
import torch


def passes(conditioner, z, x, order):
    if len(order) == 0:
        return x
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    found = torch.addcmul(mu, z, log_scale.exp())
    columns = list(x.unbind(1))
    columns[int(order[0])] = found[:, int(order[0])]
    return passes(conditioner, z, torch.stack(columns, 1), order[1:])


def maf_sample(conditioner, z, order):
    return passes(conditioner, z, torch.zeros_like(z), order)
