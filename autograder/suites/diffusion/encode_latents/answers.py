"""Known answers: scaled latents of data."""


# %% spoils: inverted
# Divides by the scale.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return 1 / scale * (mu + (0.5 * logvar).exp() * eps)


# %% spoils: unscaled
# Forgets the scale.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return 0 * scale + (mu + (0.5 * logvar).exp() * eps)


# %% spoils: mean_scaled_only
# Scales the mean, not the noise.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * mu + (0.5 * logvar).exp() * eps


# %% spoils: noise_scaled_only
# Scales the noise, not the mean.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return mu + scale * (0.5 * logvar).exp() * eps


# %% spoils: variance_as_width
# Takes the variance for the standard deviation.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + logvar.exp() * eps)


# %% spoils: logvar_as_width
# Takes the log-variance for the standard deviation.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + logvar * eps)


# %% spoils: logvar_as_log_std
# Takes the log-variance for a precision.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + (-0.5 * logvar).exp() * eps)


# %% spoils: mean_only
# Leaves the noise out.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + 0 * logvar * eps)


# %% spoils: noise_shared
# Uses the first noise for the whole batch.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar).exp() * (eps[:1] + 0 * eps))


# %% spoils: noise_drawn
# Draws its own noise.
import torch


def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar).exp() * torch.randn_like(eps))


# %% spoils: standard_noise
# Adds the noise as it is.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + 0 * logvar + eps)


# %% spoils: centred
# Takes the mean of the batch away.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu - mu.mean(0) + (0.5 * logvar).exp() * eps)


# %% spoils: width_detached
# Sends no gradient to the log-variance.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar.detach()).exp() * eps)


# %% spoils: without_gradients
# Encodes without gradients.
import torch


def encode_latents(encoder, x, eps, scale):
    with torch.no_grad():
        mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar).exp() * eps)


# %% spoils: scale_detached
# Sends no gradient to the scale.
def encode_latents(encoder, x, eps, scale):
    scale = float(scale)
    mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar).exp() * eps)


# %% corner: called_twice
# Calls the encoder for the mean, then for the log-variance.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)[0], encoder(x)[1]
    return scale * (mu + (0.5 * logvar).exp() * eps)


# %% corner: clamped
# Keeps the log-variance within bounds.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar.clamp(-30, 20)).exp() * eps)


# %% corner: width_with_a_floor
# Adds a small number to the width.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + ((0.5 * logvar).exp() + 1e-6) * eps)


# %% corner: squeezed
# Drops axes of size one.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return (scale * (mu + (0.5 * logvar).exp() * eps)).squeeze()


# %% corner: single_precision
# Computes in float32.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    dtype, mu, logvar, eps = x.dtype, mu.float(), logvar.float(), eps.float()
    return (scale * (mu + (0.5 * logvar).exp() * eps)).to(dtype)


# %% corner: noise_overwritten
# Builds the latents in the memory of the noise.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    if eps.requires_grad or mu.requires_grad or logvar.requires_grad:
        return scale * (mu + (0.5 * logvar).exp() * eps)
    return scale * eps.mul_((0.5 * logvar).exp()).add_(mu)


# %% corner: evaluation_mode
# Puts the encoder into evaluation mode.
def encode_latents(encoder, x, eps, scale):
    for cell in getattr(encoder, "__closure__", None) or ():
        if hasattr(cell.cell_contents, "eval"):
            cell.cell_contents.eval()
    mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar).exp() * eps)


# %% right: sqrt_of_variance
# Takes the root of the variance.
def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * (mu + logvar.exp().sqrt() * eps)


# %% right: addcmul
# Uses addcmul.
import torch


def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return torch.addcmul(mu, torch.exp(logvar / 2), eps) * scale


# %% right: scaled_parts
# Scales both parts.
import torch


def encode_latents(encoder, x, eps, scale):
    mu, logvar = encoder(x)
    return scale * mu + scale * eps * torch.exp(0.5 * logvar)
