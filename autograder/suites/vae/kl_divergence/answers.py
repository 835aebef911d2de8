"""Known answers: KL to the standard normal prior."""


# %% spoils: axes_swapped
# Sums over the batch and averages over the latents.
def kl_divergence(mu, logvar):
    return -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(0).mean()


# %% spoils: batch_sum
# Sums over the batch as well.
import torch


def kl_divergence(mu, logvar):
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


# %% corner: clamped
# Clamps the log-variance to [-10, 10] "for stability".
def kl_divergence(mu, logvar):
    logvar = logvar.clamp(-10, 10)
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% spoils: half_on_one_term
# Puts the half on the first term alone.
def kl_divergence(mu, logvar):
    return (0.5 * mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% spoils: latent_mean
# Averages over latents as well, while the reconstruction is summed over pixels.
import torch


def kl_divergence(mu, logvar):
    return -0.5 * torch.mean(1 + logvar - mu.pow(2) - logvar.exp())


# %% spoils: logvar_as_log_std
# Takes the log-variance for the logarithm of the standard deviation.
def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + (2 * logvar).exp() - 1 - 2 * logvar).sum(1).mean()


# %% spoils: logvar_as_std
# Takes the log-variance for the standard deviation itself.
def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + logvar.pow(2) - 1 - logvar.pow(2).log()).sum(1).mean()


# %% spoils: mean_forgotten
# Leaves out the squared mean.
def kl_divergence(mu, logvar):
    return 0.5 * (0 * mu + logvar.exp() - 1 - logvar).sum(1).mean()


# %% spoils: mean_not_squared
# Takes the absolute mean for the squared one.
def kl_divergence(mu, logvar):
    return 0.5 * (mu.abs() + logvar.exp() - 1 - logvar).sum(1).mean()


# %% spoils: missing_half
# Leaves out the factor one half.
def kl_divergence(mu, logvar):
    return (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% corner: own_cpu_tensor
# Starts from a tensor that it makes on the CPU.
import torch


def kl_divergence(mu, logvar):
    total = torch.zeros(mu.shape, dtype=mu.dtype)
    total = total + 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return total.sum(1).mean()


# %% spoils: reversed
# Computes KL(p || q), from the prior to the posterior.
import torch


def kl_divergence(mu, logvar):
    return 0.5 * ((1 + mu.pow(2)) * torch.exp(-logvar) - 1 + logvar).sum(1).mean()


# %% spoils: shape_without_values
# Returns a tensor on the meta device: the right shape and type, and no value at all.
def kl_divergence(mu, logvar):
    return (mu + logvar).to("meta").sum()


# %% spoils: variance_detached
# Cuts the variance from the graph: the value is right, the gradient is not.
def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + logvar.exp().detach() - 1 - logvar).sum(1).mean()


# %% corner: flattened_by_view
# Flattens its inputs by view, which no transposed tensor allows.
def kl_divergence(mu, logvar):
    flat = mu.view(-1).pow(2) + logvar.view(-1).exp() - 1 - logvar.view(-1)
    return 0.5 * flat.sum() / len(mu)


# %% corner: parameter_of_its_own
# Weighs the result by a parameter, so that it needs gradients when no input does.
import torch


def kl_divergence(mu, logvar):
    scale = torch.nn.Parameter(torch.tensor(0.5, dtype=mu.dtype, device=mu.device))
    return scale * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% spoils: mean_detached
# Cuts the mean from the graph: nothing pulls it to the prior's.
def kl_divergence(mu, logvar):
    return 0.5 * (mu.detach().pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% spoils: log_detached
# Cuts the logarithm from the graph: the variance shrinks for ever.
def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar.detach()).sum(1).mean()


# %% spoils: logarithm_forgotten
# Leaves out the log-variance, without which the variance goes to 0.
def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + logvar.exp() - 1).sum(1).mean()


# %% spoils: variance_of_the_batch
# Takes the KL of one Gaussian with the batch's average mean and log-variance.
def kl_divergence(mu, logvar):
    m, v = mu.mean(0), logvar.mean(0)
    return 0.5 * (m.pow(2) + v.exp() - 1 - v).sum()


# %% spoils: by_numpy
# Computes the value in NumPy, which no gradient passes.
import numpy as np
import torch


def kl_divergence(mu, logvar):
    m, v = mu.detach().cpu().numpy(), logvar.detach().cpu().numpy()
    kl = 0.5 * (m**2 + np.exp(v) - 1 - v).sum(1).mean()
    return torch.as_tensor(kl).to(mu)


# %% corner: one_latent_squeezed
# Drops axes of one: a batch of single latents is summed as if it were one sample.
def kl_divergence(mu, logvar):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)
    return kl.squeeze().sum(-1).mean()


# %% corner: squeezed
# Takes the batch dimension away from a batch of one, whose latents it then averages.
def kl_divergence(mu, logvar):
    kl = (0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar)).squeeze()
    return kl.reshape(len(kl), -1).sum(1).mean() if kl.dim() else kl


# %% corner: root_of_the_squares
# Squares a bare root of the squared means, whose gradient is nan at the prior.
def kl_divergence(mu, logvar):
    norm = mu.pow(2).sum(1).sqrt()
    return 0.5 * (norm**2 + (logvar.exp() - 1 - logvar).sum(1)).mean()


# %% corner: gradient_clamped
# Clamps the log-variance from below in the graph: far out there is no way back.
def kl_divergence(mu, logvar):
    far = logvar + (logvar.clamp(min=-20) - logvar.clamp(min=-20).detach())
    logvar = logvar.clamp(min=-20) + (far - logvar.clamp(min=-20)).detach()
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% corner: prior_cached
# Keeps the prior's mean of the first call, in the precision and on the device of that call.
import torch

priors = {}


def kl_divergence(mu, logvar):
    zero = priors.setdefault(mu.shape[1], torch.zeros_like(mu[:1]).detach())
    return 0.5 * ((mu - zero).pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% corner: marks_its_inputs
# Switches both inputs to needing gradients, whoever calls.
def kl_divergence(mu, logvar):
    mu.requires_grad_()
    logvar.requires_grad_()
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% corner: variance_in_place
# Leaves the variance in the memory of the log-variance, after it has been used.
def kl_divergence(mu, logvar):
    kl = 0.5 * (mu.pow(2) + logvar.clone().exp() - 1 - logvar).sum(1).mean()
    logvar.data.exp_()
    return kl


# %% corner: single_precision
# Works in float32 whatever it is given.
def kl_divergence(mu, logvar):
    m, v = mu.float(), logvar.float()
    return (0.5 * (m.pow(2) + v.exp() - 1 - v).sum(1).mean()).to(mu.dtype)


# %% right: distributions
# torch.distributions with its own KL and its usual validation.
import torch
from torch.distributions import Normal
from torch.distributions import kl_divergence as kl


def kl_divergence(mu, logvar):
    q = Normal(mu, torch.exp(logvar / 2))
    p = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return kl(q, p).sum(-1).mean()


# %% right: double_inside
# Computes in float64 and casts back.
import torch


def kl_divergence(mu, logvar):
    m, v = mu.double(), logvar.double()
    kl = torch.expm1(v).sum(1) - v.sum(1) + torch.einsum("bd,bd->b", m, m)
    return (kl.mean() / 2).to(mu.dtype)


# %% right: entropy
# Cross-entropy minus entropy, in helper functions.
import math

LOG_2PI = math.log(2 * math.pi)


def negative_entropy(logvar):
    return -0.5 * (LOG_2PI + 1 + logvar)


def cross_entropy(mu, logvar):
    return 0.5 * (LOG_2PI + mu**2 + logvar.exp())


def kl_divergence(mu, logvar, reduce=True):
    each = (negative_entropy(logvar) + cross_entropy(mu, logvar)).sum(1)
    return each.mean() if reduce else each


# %% right: loops
# Loops over batch and latents, one number at a time.
import torch


def kl_divergence(mu, logvar):
    B, D = mu.shape
    total = 0
    for i in range(B):
        for d in range(D):
            total = total - 0.5 * (1 + logvar[i, d] - mu[i, d] ** 2 - torch.exp(logvar[i, d]))
    return total / B


# %% right: scratch_cell
# Calls a helper of its own that a scratch cell below the answer defines.
import torch


def kl_divergence(mu, logvar):
    return nats_of_each_latent(mu, logvar).sum(dim=1).mean()


# %%
def nats_of_each_latent(center, log_spread):
    return 0.5 * (center.square() + torch.expm1(log_spread) - log_spread)


# %% right: contiguous_view
# Makes its inputs contiguous before it flattens them by view.
def kl_divergence(mu, logvar):
    m, v = mu.contiguous().view(-1), logvar.contiguous().view(-1)
    return 0.5 * (m.pow(2) + v.exp() - 1 - v).sum() / mu.size(0)


# %% right: gradients_if_needed
# Builds a graph only when one of its inputs needs gradients.
import torch


def kl_divergence(mu, logvar):
    with torch.set_grad_enabled(mu.requires_grad or logvar.requires_grad):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()


# %% right: float32_constant
# Multiplies by a constant that it makes without a thought of the dtype.
import torch


def kl_divergence(mu, logvar):
    half = torch.tensor(0.5, device=mu.device)
    return (half * (mu * mu + logvar.exp() - 1 - logvar)).sum(dim=-1).mean()


# %% right: full_covariance
# Multivariate normals of torch.distributions.
import torch
from torch.distributions import MultivariateNormal


def kl_divergence(mu, logvar):
    q = MultivariateNormal(mu, scale_tril=torch.diag_embed((logvar / 2).exp()))
    one = torch.eye(mu.shape[1], dtype=mu.dtype, device=mu.device)
    p = MultivariateNormal(torch.zeros_like(mu), scale_tril=one.expand(len(mu), -1, -1))
    return torch.distributions.kl_divergence(q, p).mean()
