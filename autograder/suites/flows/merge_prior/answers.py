"""Known answers: The way back of the split."""

# %% spoils: no_width
# Leaves the width out.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * eps], dim=1)


# %% spoils: no_mean
# Leaves the mean out.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, 0 * mean + temperature * log_std.exp() * eps], dim=1)


# %% spoils: no_temperature
# Leaves the temperature out.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + log_std.exp() * eps], dim=1)


# %% spoils: temperature_on_mean
# Scales the mean by the temperature, too.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, temperature * (mean + log_std.exp() * eps)], dim=1)


# %% spoils: squared_temperature
# Squares the temperature.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature**2 * log_std.exp() * eps], dim=1)


# %% spoils: root_of_temperature
# Takes the root of the temperature.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature**0.5 * log_std.exp() * eps], dim=1)


# %% spoils: hot_width
# Multiplies the logarithm of the width by the temperature.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + (temperature * log_std).exp() * eps], dim=1)


# %% spoils: log_variance
# Takes the second half of what the network returns for a log-variance.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * (0.5 * log_std).exp() * eps], dim=1)


# %% spoils: divided_by_width
# Divides by the width.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * (-log_std).exp() * eps], dim=1)


# %% spoils: what_left_first
# Puts what left before what stayed.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([mean + temperature * log_std.exp() * eps, stays], dim=1)


# %% spoils: width_first
# Takes the width from the first half of what the network returns.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    log_std, mean = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * log_std.exp() * eps], dim=1)


# %% spoils: network_of_noise
# Shows the network the noise.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(eps).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * log_std.exp() * eps], dim=1)


# %% spoils: own_noise
# Draws its own noise.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat(
        [stays, mean + temperature * log_std.exp() * torch.randn_like(eps) + 0 * eps], dim=1
    )


# %% spoils: cold_stays
# Scales what stays by the temperature, too.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([temperature * stays, mean + temperature * log_std.exp() * eps], dim=1)


# %% spoils: frozen_network
# Right values, but the network gets no gradient.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).detach().chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * log_std.exp() * eps], dim=1)


# %% spoils: no_gradient_to_noise
# Right values, but no gradient reaches the noise.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * log_std.exp() * eps.detach()], dim=1)


# %% corner: default_temperature_for_zero
# Takes a temperature of 0 for none and uses 1.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    temperature = temperature or 1.0
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * log_std.exp() * eps], dim=1)


# %% corner: bounded_width
# Bounds the logarithm of the width at 10.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * log_std.clamp(-10, 10).exp() * eps], dim=1)


# %% corner: network_twice
# Calls the network once for the mean and once for the width.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean = network(stays).chunk(2, dim=1)[0]
    log_std = network(stays).chunk(2, dim=1)[1]
    return torch.cat([stays, mean + temperature * log_std.exp() * eps], dim=1)


# %% corner: in_place
# Scales the noise in place where that needs no gradient.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    if not eps.requires_grad and not log_std.requires_grad:
        eps.mul_(temperature)
        temperature = 1.0
    return torch.cat([stays, mean + temperature * log_std.exp() * eps], dim=1)


# %% corner: single_precision
# Computes in float32 on the way.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat(
        [stays, mean + (temperature * log_std.float().exp() * eps.float()).to(stays.dtype)], dim=1
    )


# %% right: filled_tensor
# Fills an empty tensor, half by half.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    n, c, height, width = stays.shape
    of_prior = network(stays)
    x = stays.new_zeros(n, 2 * c, height, width)
    x[:, :c] = stays
    x[:, c:] = of_prior[:, :c] + (eps * temperature) * torch.exp(of_prior[:, c:])
    return x


# %% right: addcmul
# Calls addcmul.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = torch.tensor_split(network(stays), 2, dim=1)
    leaves = torch.addcmul(mean, log_std.exp(), eps * temperature)
    return torch.hstack([stays, leaves])


# %% right: stacked
# Stacks both halves and flattens.
import torch


def merge_prior(stays, eps, network, temperature=1.0):
    mean, log_std = network(stays).unflatten(1, (2, stays.shape[1])).unbind(1)
    return torch.stack([stays, torch.exp(log_std) * temperature * eps + mean], dim=1).flatten(1, 2)
