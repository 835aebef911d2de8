"""Known answers: Reparameterisation."""

# %% spoils: detached
# Samples outside of the graph.
import torch


def reparameterize(mu, logvar, eps):
    with torch.no_grad():
        return mu + torch.exp(0.5 * logvar) * eps


# %% spoils: logvar_as_std
# Multiplies the noise by the log-variance.
def reparameterize(mu, logvar, eps):
    return mu + logvar * eps


# %% spoils: minus
# Subtracts the noise: the same distribution, another sample.
import torch


def reparameterize(mu, logvar, eps):
    return mu - torch.exp(0.5 * logvar) * eps


# %% spoils: own_noise
# Ignores the noise that it is given and draws its own.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


# %% spoils: scaled_mean
# Scales the mean by the standard deviation as well.
import torch


def reparameterize(mu, logvar, eps):
    return (mu + eps) * torch.exp(0.5 * logvar)


# %% spoils: shared_across_batch
# Uses the noise of the first sample for the whole batch.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar) * eps[:1]


# %% spoils: shared_across_latents
# Uses one noise value for all latents of a sample.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar) * eps[:, :1]


# %% spoils: std_detached
# Lets gradients through to the mean alone.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar).detach() * eps


# %% spoils: variance_as_std
# Multiplies the noise by the variance.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar) * eps


# %% spoils: noise_of_the_last_call
# Mixes the noise with that of the call before, if it has the same shape.
last = None


def reparameterize(mu, logvar, eps):
    global last
    noise = eps if last is None or last.shape != eps.shape else 0.5 * eps + 0.5 * last.to(eps)
    last = eps
    return mu + (0.5 * logvar).exp() * noise


# %% spoils: mean_detached
# Cuts the mean from the graph, so that only the spread is trained.
def reparameterize(mu, logvar, eps):
    return mu.detach() + (0.5 * logvar).exp() * eps


# %% spoils: softplus_for_exp
# Takes the softplus of the log-variance for the standard deviation.
import torch.nn.functional as F


def reparameterize(mu, logvar, eps):
    return mu + F.softplus(logvar) * eps


# %% spoils: noise_standardised
# Gives the noise mean 0 and variance 1 in the batch.
def reparameterize(mu, logvar, eps):
    if len(eps) > 1:
        eps = (eps - eps.mean(0)) / eps.std(0)
    return mu + (0.5 * logvar).exp() * eps


# %% spoils: one_spread_for_all
# Averages the log-variances over the batch.
def reparameterize(mu, logvar, eps):
    return mu + (0.5 * logvar.mean(0, keepdim=True)).exp() * eps


# %% spoils: mean_at_test_time
# Returns the mean when no gradients are needed, "for evaluation".
def reparameterize(mu, logvar, eps):
    if not (mu.requires_grad or logvar.requires_grad):
        return mu.clone()
    return mu + (0.5 * logvar).exp() * eps


# %% spoils: gradient_doubled
# Has the right value, and a gradient to the log-variance that is twice too large.
def reparameterize(mu, logvar, eps):
    std = (0.5 * logvar).exp()
    return mu + (std * std / std.detach()) * eps


# %% spoils: by_numpy
# Computes the sample in NumPy, which no gradient passes.
import numpy as np
import torch


def reparameterize(mu, logvar, eps):
    m, v, e = (t.detach().cpu().numpy() for t in (mu, logvar, eps))
    return torch.as_tensor(m + np.exp(0.5 * v) * e).to(mu)


# %% corner: squeezed
# Drops axes of one from the sample.
def reparameterize(mu, logvar, eps):
    return (mu + (0.5 * logvar).exp() * eps).squeeze()


# %% corner: one_latent_squeezed
# Drops the last axis where there is one latent.
def reparameterize(mu, logvar, eps):
    return (mu + (0.5 * logvar).exp() * eps).squeeze(-1)


# %% corner: logvar_clamped
# Clamps the log-variance to [-30, 20], as large models do.
def reparameterize(mu, logvar, eps):
    return mu + (0.5 * logvar.clamp(-30, 20)).exp() * eps


# %% corner: noise_truncated
# Truncates the noise at four standard deviations.
def reparameterize(mu, logvar, eps):
    return mu + (0.5 * logvar).exp() * eps.clamp(-4, 4)


# %% corner: draws_and_forgets
# Draws a sample by the library and then makes its own, which moves the random state.
import torch


def reparameterize(mu, logvar, eps):
    std = (0.5 * logvar).exp()
    z = torch.distributions.Normal(mu, std).rsample()
    return z.detach() * 0 + mu + std * eps


# %% corner: noise_overwritten
# Builds the sample in the memory of the noise.
def reparameterize(mu, logvar, eps):
    return eps.mul_((0.5 * logvar).exp()).add_(mu)


# %% corner: noise_overwritten_by_data
# Leaves the scaled noise in the memory of the noise, where no version counter sees it.
def reparameterize(mu, logvar, eps):
    noise = eps.clone()
    std = (0.5 * logvar).exp()
    eps.data.mul_(std.detach())
    return mu + std * noise


# %% corner: half_precision
# Computes the standard deviation in half precision.
def reparameterize(mu, logvar, eps):
    std = (0.5 * logvar).exp()
    low = std.to(std.dtype).bfloat16().to(std.dtype)
    return mu + (std + (low - std).detach()) * eps


# %% right: addcmul
# A fused multiply and add.
import torch


def reparameterize(mu, logvar, eps):
    return torch.addcmul(mu, eps, logvar.mul(0.5).exp())


# %% right: in_place
# In-place operations on its own copy of the noise.
import torch


def reparameterize(mu, logvar, eps):
    z = eps.clone()
    z *= torch.exp(logvar).sqrt()
    z += mu
    return z


# %% right: transform
# An affine transform of torch.distributions.
import torch


def reparameterize(mu, logvar, eps):
    std = torch.exp(logvar / 2)
    return torch.distributions.AffineTransform(mu, std)(eps)


# %% right: last_noise_kept
# Keeps its noise for a later look, and uses what it is given.
last_noise = None


def reparameterize(mu, logvar, eps):
    global last_noise
    last_noise = eps.detach().clone()
    return mu + (logvar / 2).exp() * eps


# %% right: matrix
# A diagonal matrix for each sample, by einsum.
import torch


def reparameterize(mu, logvar, eps):
    factor = torch.diag_embed(torch.exp(logvar / 2))
    return mu + torch.einsum("bij,bj->bi", factor, eps)


# %% right: one_by_one
# A loop over the samples, mapped by torch.func over the latents of each.
import torch


def reparameterize(mu, logvar, eps):
    def sample(m, v, e):
        return m + v.exp() ** 0.5 * e

    rows = [torch.func.vmap(sample)(*row) for row in zip(mu, logvar, eps, strict=True)]
    return torch.stack(rows)
