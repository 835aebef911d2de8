"""Known answers: Reparameterisation."""

# %% wrong: detached
# Samples outside of the graph.
import torch


def reparameterize(mu, logvar, eps):
    with torch.no_grad():
        return mu + torch.exp(0.5 * logvar) * eps


# %% wrong: logvar_as_std
# Multiplies the noise by the log-variance.
def reparameterize(mu, logvar, eps):
    return mu + logvar * eps


# %% wrong: minus
# Subtracts the noise: the same distribution, another sample.
import torch


def reparameterize(mu, logvar, eps):
    return mu - torch.exp(0.5 * logvar) * eps


# %% wrong: own_noise
# Ignores the noise that it is given and draws its own.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


# %% wrong: scaled_mean
# Scales the mean by the standard deviation as well.
import torch


def reparameterize(mu, logvar, eps):
    return (mu + eps) * torch.exp(0.5 * logvar)


# %% wrong: shared_across_batch
# Uses the noise of the first sample for the whole batch.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar) * eps[:1]


# %% wrong: shared_across_latents
# Uses one noise value for all latents of a sample.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar) * eps[:, :1]


# %% wrong: std_detached
# Lets gradients through to the mean alone.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar).detach() * eps


# %% wrong: variance_as_std
# Multiplies the noise by the variance.
import torch


def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar) * eps


# %% wrong: noise_of_the_last_call
# Mixes the noise with that of the call before, if it has the same shape.
last = None


def reparameterize(mu, logvar, eps):
    global last
    noise = eps if last is None or last.shape != eps.shape else 0.5 * eps + 0.5 * last.to(eps)
    last = eps
    return mu + (0.5 * logvar).exp() * noise


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
