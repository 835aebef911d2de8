"""Known answers: the scale of a latent space."""


# %% spoils: inverted
# Returns the standard deviation itself.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return (latents - latents.mean()).square().mean().sqrt()


# %% spoils: variance
# Divides by the variance.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / (latents - latents.mean()).square().mean()


# %% spoils: around_zero
# Takes the mean square around zero.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / latents.square().mean().sqrt()


# %% spoils: unbiased
# Divides by n - 1.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / latents.std()


# %% spoils: each_channel
# Averages the standard deviations of the channels.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / latents.std(dim=[i for i in range(latents.ndim) if i != 1], correction=0).mean()


# %% spoils: around_each_channel
# Takes the means of the channels away.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return (
        1
        / (latents - latents.mean([i for i in range(latents.ndim) if i != 1], keepdim=True))
        .square()
        .mean()
        .sqrt()
    )


# %% spoils: one_for_each_channel
# Gives each channel its own scale.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / latents.std(dim=[i for i in range(latents.ndim) if i != 1], correction=0)


# %% spoils: each_sample
# Averages the standard deviations of the samples.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / latents.reshape(len(latents), -1).std(dim=1, correction=0).mean()


# %% spoils: first_sample
# Looks at the first sample only.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / latents[0].std(correction=0)


# %% spoils: largest
# Scales the largest latent to 1.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / latents.abs().max()


# %% spoils: robust
# Takes the mean absolute difference for the spread.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / (latents - latents.mean()).abs().mean()


# %% spoils: with_graph
# Keeps the graph.
def latent_scale(latents):
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / (latents - latents.mean()).square().mean().sqrt()


# %% corner: stabilised
# Adds a small number to the spread.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / (latents - latents.mean()).square().mean().sqrt().add(1e-5)


# %% corner: infinite
# Returns infinity for equal latents.
def latent_scale(latents):
    latents = latents.detach()
    return 1 / (latents - latents.mean()).square().mean().sqrt()


# %% corner: zero_spread
# Refuses only a spread of exactly zero, which rounding hides.
def latent_scale(latents):
    latents = latents.detach()
    if (latents - latents.mean()).square().mean() == 0:
        raise ValueError("all latents are equal")
    return 1 / (latents - latents.mean()).square().mean().sqrt()


# %% corner: two_moments
# Subtracts the square of the mean from the mean square, which cancels.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return 1 / (latents.square().mean() - latents.mean().square()).clamp(min=1e-30).sqrt()


# %% corner: one_axis
# Returns a tensor with one number.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return (1 / (latents - latents.mean()).square().mean().sqrt()).reshape(1)


# %% corner: single_precision
# Computes in float32.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    dtype, latents = latents.dtype, latents.float()
    return (1 / (latents - latents.mean()).square().mean().sqrt()).to(dtype)


# %% corner: centred_in_place
# Centres the latents in place.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    latents -= latents.mean()
    return 1 / latents.square().mean().sqrt()


# %% right: std
# Calls torch's standard deviation.
def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return latents.std(unbiased=False).reciprocal()


# %% right: numpy
# Computes by NumPy.
import torch


def latent_scale(latents):
    latents = latents.detach()
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    values = latents.cpu().double().numpy()
    return torch.as_tensor(1.0 / values.std(), dtype=latents.dtype).to(latents.device)


# %% right: no_grad
# Computes without recording.
import torch


@torch.no_grad()
def latent_scale(latents):
    if latents.max() == latents.min():
        raise ValueError("all latents are equal")
    return latents.flatten().var(0, correction=0).rsqrt()
