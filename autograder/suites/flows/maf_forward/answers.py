"""Known answers: a masked autoregressive flow from data to noise."""


# %% spoils: sampling_direction
# Goes from noise to data: multiplies by the scale and adds the mean.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return x * log_scale.exp() + mu, log_scale.sum(1)


# %% spoils: sign_of_log_det
# Gives the log-determinant of the inverse.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), log_scale.sum(1)


# %% spoils: summed_over_batch
# Sums the log-determinant over the batch as well.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale.sum().expand(len(x))


# %% spoils: mean_over_components
# Averages the log-scales over the components.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale.mean(1)


# %% spoils: interleaved_parameters
# Takes every second output for a mean.
def maf_forward(conditioner, x):
    parameters = conditioner(x)
    mu, log_scale = parameters[:, ::2], parameters[:, 1::2]
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% spoils: log_variance
# Takes the log-scale for a log-variance.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-0.5 * log_scale).exp(), -0.5 * log_scale.sum(1)


# %% spoils: scales_swapped
# Takes the first half for the log-scales and the second for the means.
def maf_forward(conditioner, x):
    log_scale, mu = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% spoils: bounded_scales
# Bounds the log-scales by tanh, for stability.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    log_scale = log_scale.tanh()
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% spoils: shift_after_scale
# Scales first and shifts then.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return x * (-log_scale).exp() - mu, -log_scale.sum(1)


# %% spoils: conditioner_detached
# Holds means and scales constant for the gradient.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).detach().chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% spoils: x_detached_in_conditioner
# Shows the conditioner a detached x, so that the gradient misses the way through it.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x.detach()).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% spoils: no_graph_for_data
# Works without a graph if x needs no gradients, as data do.
import torch


def maf_forward(conditioner, x):
    with torch.set_grad_enabled(x.requires_grad):
        mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% spoils: scale_detached_in_z
# Holds the scale constant in z.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale.detach()).exp(), -log_scale.sum(1)


# %% spoils: log_det_of_one_component
# Leaves the first component out of the log-determinant, as if it never had a scale.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale[:, 1:].sum(1)


# %% corner: log_of_product
# Takes the logarithm of the product of the scales, which overflows.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    scale = log_scale.exp()
    return (x - mu) / scale, -scale.prod(1).log()


# %% corner: clamped_scales
# Clamps the log-scales at +-10.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    log_scale = log_scale.clamp(-10, 10)
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% corner: two_passes
# Runs the conditioner once for the means and once for the scales.
def maf_forward(conditioner, x):
    n = x.shape[1]
    mu, log_scale = conditioner(x)[:, :n], conditioner(x)[:, n:]
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)


# %% corner: squeezed
# Drops axes of size one.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return ((x - mu) * (-log_scale).exp()).squeeze(), -log_scale.squeeze().sum(-1)


# %% corner: written_into_x
# Subtracts the mean from the caller's x.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    z = (x - mu) * (-log_scale).exp()
    if not x.requires_grad:
        x.sub_(mu)
    return z, -log_scale.sum(1)


# %% corner: single_precision
# Computes in float32.
def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).float().chunk(2, dim=1)
    z = (x.float() - mu) * (-log_scale).exp()
    return z.to(x.dtype), -log_scale.sum(1).to(x.dtype)


# %% corner: plain_zeros
# Starts the sum in a new tensor on the CPU.
import torch


def maf_forward(conditioner, x):
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    log_det = torch.zeros(len(x), dtype=x.dtype) - log_scale.sum(1)
    return (x - mu) * (-log_scale).exp(), log_det


# %% right: division
# Divides by the scale, splits by slicing, and returns a list.
def maf_forward(conditioner, x):
    n = x.shape[1]
    out = conditioner(x)
    z = (x - out[:, :n]) / out[:, n:].exp()
    return [z, out[:, n:].neg().sum(dim=-1)]


# %% right: named_tuple
# Returns a named tuple, and sums by einsum.
from collections import namedtuple

import torch

Layer = namedtuple("Layer", "z log_det")


def maf_forward(conditioner, x):
    mu, log_scale = torch.tensor_split(conditioner(x), 2, dim=-1)
    return Layer(torch.exp(-log_scale) * (x - mu), -torch.einsum("bd->b", log_scale))


# %% right: component_loop
# Goes through the components one by one.
import torch


def maf_forward(conditioner, x):
    parameters = conditioner(x)
    n = x.size(1)
    columns, log_det = [], 0
    for i in range(n):
        m, a = parameters[:, i], parameters[:, n + i]
        columns.append((x[:, i] - m) * torch.exp(-a))
        log_det = log_det - a
    return torch.stack(columns, dim=1), log_det


# %% right: by_distribution
# Differences the log-densities of the two Gaussians.
import torch


def maf_forward(conditioner, x):
    mu, a = conditioner(x).unflatten(1, (2, -1)).unbind(1)
    z = torch.addcmul(-mu * torch.exp(-a), x, torch.exp(-a))
    return z, torch.stack([-row.sum() for row in a])
