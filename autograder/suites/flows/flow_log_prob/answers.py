"""Known answers: the log-density of a flow."""

# %% spoils: minus_log_det
# Subtracts the log-determinant, as for the other direction.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return -log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant


# %% spoils: no_log_det
# Leaves the log-determinant out.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, _ = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return -0.5 * z.square().sum(1) - z.shape[1] * constant


# %% spoils: noise_at_x
# Asks the noise's density at x in place of z.
import math


def flow_log_prob(flow, x, temperature=1.0):
    _, log_det = flow.forward(x)
    z = x.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant


# %% spoils: negative
# Returns the negative log-likelihood.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return -(log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant)


# %% spoils: averaged_over_the_batch
# Returns the mean over the batch for every sample.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    value = log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant
    return value.mean().expand(len(x))


# %% spoils: log_det_summed
# Adds the log-determinants of all samples to each.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return log_det.sum() - 0.5 * z.square().sum(1) - z.shape[1] * constant


# %% spoils: mean_over_coordinates
# Averages the noise's log-density over the coordinates.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return log_det + (-0.5 * z.square() - constant).mean(1)


# %% spoils: no_constant
# Leaves log(2 pi) out.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    return log_det - 0.5 * z.square().sum(1) - z.shape[1] * math.log(temperature)


# %% spoils: one_constant
# Subtracts the constant of one coordinate.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return log_det - 0.5 * z.square().sum(1) - constant


# %% spoils: constant_of_the_plane
# Takes every sample to have two coordinates.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    return log_det - 0.5 * z.square().sum(1) - math.log(2 * math.pi * temperature**2)


# %% spoils: no_log_temperature
# Forgets that colder noise has a higher density: the mass is no longer one.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    return log_det - 0.5 * z.square().sum(1) - z.shape[1] * 0.5 * math.log(2 * math.pi)


# %% spoils: one_log_temperature
# Subtracts log T once, and not for each coordinate.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    half = z.shape[1] * 0.5 * math.log(2 * math.pi)
    return log_det - 0.5 * z.square().sum(1) - half - math.log(temperature)


# %% spoils: temperature_as_variance
# Takes the temperature for the variance of the noise.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1)
    constant = 0.5 * math.log(2 * math.pi * temperature)
    return log_det - 0.5 * z.square().sum(1) / temperature - z.shape[1] * constant


# %% spoils: temperature_times
# Multiplies by the temperature.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) * temperature
    constant = 0.5 * math.log(2 * math.pi) - math.log(temperature)
    return log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant


# %% spoils: log_det_divided
# Divides the whole log-density by the temperature.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1)
    constant = 0.5 * math.log(2 * math.pi)
    return (log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant) / temperature


# %% spoils: log_det_detached
# Treats the log-determinant as a constant: the flow learns to squeeze everything together.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return log_det.detach() - 0.5 * z.square().sum(1) - z.shape[1] * constant


# %% spoils: last_axis_only
# Sums over the last axis, and over the others only for the log-determinant.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    noise = (-0.5 * z.square() - constant).sum(-1)
    return log_det + (noise if noise.dim() == 1 else noise.flatten(1).mean(1))


# %% corner: through_densities
# Takes the logarithm of the density, which is 0 far out.
import math

import torch


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    density = (-0.5 * z.square()).exp() / (temperature * math.sqrt(2 * math.pi))
    return log_det + torch.log(density + 1e-300 * (z.dtype == torch.float64)).sum(1)


# %% corner: called_twice
# Asks the flow twice.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z = flow.forward(x)[0].flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return flow.forward(x)[1] - 0.5 * z.square().sum(1) - z.shape[1] * constant


# %% corner: z_scaled_in_place
# Divides the tensor that the flow has returned.
import math


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    if z.requires_grad:
        z = z / temperature
    else:
        z /= temperature
    z = z.flatten(1)
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant


# %% right: distributions
# Leaves the noise to torch.distributions.
import torch


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    noise = torch.distributions.Normal(torch.zeros_like(z), torch.full_like(z, temperature))
    return noise.log_prob(z).flatten(1).sum(1) + log_det


# %% right: rescaled
# The standard normal density of z / T, and one more layer that divides by T.
import math

import torch


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    D = z[0].numel()
    z = z.reshape(z.shape[0], -1)
    quadratic = torch.einsum("bd,bd->b", z, z) / temperature**2
    cooler = -D * math.log(temperature)
    return -0.5 * (quadratic + D * math.log(2 * math.pi)) + (log_det + cooler)


# %% right: sample_by_sample
# One sample after the other, the constant as a tensor in single precision.
import torch


def flow_log_prob(flow, x, temperature=1.0):
    z, log_det = flow.forward(x)
    constant = torch.log(torch.tensor(2 * torch.pi * temperature**2)).to(x.device)
    values = []
    for sample, one in zip(z, log_det):
        values.append(one - 0.5 * ((sample / temperature) ** 2 + constant).sum())
    return torch.stack(values)
