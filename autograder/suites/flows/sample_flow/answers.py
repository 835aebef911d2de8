"""Known answers: samples of a flow."""


# %% spoils: forward
# Sends the noise forward.
def sample_flow(flow, eps, temperature=1.0):
    return flow.forward(temperature * eps)[0]


# %% spoils: temperature_ignored
# Ignores the temperature.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(eps)


# %% spoils: samples_scaled
# Scales the samples in place of the noise.
def sample_flow(flow, eps, temperature=1.0):
    return temperature * flow.inverse(eps)


# %% spoils: temperature_as_variance
# Takes the temperature for the variance of the noise.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(temperature**0.5 * eps)


# %% spoils: divided
# Divides the noise by the temperature.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(eps / temperature) if temperature else flow.inverse(0 * eps)


# %% spoils: own_noise
# Draws noise of its own.
import torch


def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(temperature * torch.randn_like(eps))


# %% spoils: normalised_noise
# Makes the noise of the batch standard normal first.
def sample_flow(flow, eps, temperature=1.0):
    spread = eps.std(dim=0, keepdim=True) if len(eps) > 1 else 1.0
    mean = eps.mean(dim=0, keepdim=True) if len(eps) > 1 else 0.0
    return flow.inverse(temperature * (eps - mean) / spread)


# %% spoils: without_gradients
# Samples without gradients.
import torch


@torch.no_grad()
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(temperature * eps)


# %% spoils: flattened
# Takes every sample for a vector.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(temperature * eps.flatten(1))


# %% spoils: cold_only
# Takes no temperature above 1.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(min(temperature, 1.0) * eps)


# %% spoils: noise_forgotten
# Hands the temperature alone to the inverse.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(temperature)


# %% corner: truncated
# Cuts off the noise at three standard deviations.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(temperature * eps.clamp(-4, 4))


# %% corner: zero_as_default
# Takes a temperature of zero for none.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse((temperature or 1.0) * eps)


# %% corner: noise_overwritten
# Scales the caller's noise.
def sample_flow(flow, eps, temperature=1.0):
    if eps.requires_grad:
        return flow.inverse(temperature * eps)
    return flow.inverse(eps.mul_(temperature))


# %% corner: one_by_one
# Asks the flow once for each sample.
import torch


def sample_flow(flow, eps, temperature=1.0):
    return torch.cat([flow.inverse(temperature * each) for each in eps.split(1)])


# %% corner: sorted_by_a_list
# Returns a list of samples where one tensor is asked for, if there is only one.
def sample_flow(flow, eps, temperature=1.0):
    x = flow.inverse(temperature * eps)
    return x[0] if len(x) == 1 else x


# %% right: named
# Keeps the noise of that temperature under a name.
import torch


def sample_flow(flow, eps, temperature=1.0):
    z = torch.mul(eps, temperature)
    x = flow.inverse(z)
    return x


# %% right: mixed_with_zero
# Goes from zero to the noise by the temperature.
import torch


def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(torch.lerp(torch.zeros_like(eps), eps, float(temperature)))


# %% right: scale_as_a_tensor
# Makes the temperature a tensor of the noise's kind.
def sample_flow(flow, eps, temperature=1.0):
    return flow.inverse(eps.new_tensor(temperature) * eps.clone())
