"""Known answers: the straight path."""


# %% spoils: reversed_time
# Takes t = 0 for the data.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t) * x_1 + t * x_0


# %% spoils: sigma_ignored
# Leaves sigma_min out.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - t) * x_0 + t * x_1


# %% spoils: sigma_throughout
# Adds sigma_min of the noise at all times, not only at the end.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - t + sigma_min) * x_0 + t * x_1


# %% spoils: sigma_on_the_data
# Takes sigma_min away from the data.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - t) * x_0 + (1 - sigma_min) * t * x_1


# %% spoils: variance_preserving
# Walks along a circle, as diffusion does.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t**2).sqrt() * x_0 + t * x_1


# %% spoils: one_time
# Uses the first time for the whole batch.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    return (1 - (1 - sigma_min) * t[0]) * x_0 + t[0] * x_1


# %% spoils: last_axis
# Lets the times broadcast along the last axis if the sizes allow it.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    if x_0.shape[-1] != len(t):
        t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t) * x_0 + t * x_1


# %% spoils: points_only
# Adds one axis to the times, which is enough for points only.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t[:, None]
    return (1 - (1 - sigma_min) * t) * x_0 + t * x_1


# %% spoils: data_detached
# Sends no gradient to the data.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t) * x_0 + t * x_1.detach()


# %% spoils: times_detached
# Sends no gradient to the times.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.detach().reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t) * x_0 + t * x_1


# %% corner: clamped_times
# Keeps the times away from both ends.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.clamp(1e-3, 1 - 1e-3).reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t) * x_0 + t * x_1


# %% corner: clamped_images
# Clips x_t to the range that noise has.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return ((1 - (1 - sigma_min) * t) * x_0 + t * x_1).clamp(-10, 10)


# %% corner: four_axes
# Cannot take a batch of numbers.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t[:, None] if x_0.ndim <= 2 else t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t) * x_0 + t * x_1


# %% corner: squeezed
# Drops axes of size one.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    x = (1 - (1 - sigma_min) * t) * x_0 + t * x_1
    return x.squeeze() if len(x) == 1 else x


# %% corner: single_precision
# Computes in float32.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.float().reshape(-1, *[1] * (x_0.ndim - 1))
    return ((1 - (1 - sigma_min) * t) * x_0.float() + t * x_1.float()).to(x_0.dtype)


# %% corner: noise_overwritten
# Scales the noise in place.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    share = 1 - (1 - sigma_min) * t
    x_0 = x_0.mul_(share) if not x_0.requires_grad and not share.requires_grad else share * x_0
    return x_0 + t * x_1


# %% right: from_the_start
# Adds the way that was gone to the start.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    t = (
        t.view(t.shape + (1,) * (x_0.dim() - 1))
        if t.is_contiguous()
        else t.reshape(t.shape + (1,) * (x_0.dim() - 1))
    )
    return x_0 + t * (x_1 - (1 - sigma_min) * x_0)


# %% right: einsum
# Multiplies by Einstein sums.
import torch


def interpolant(x_0, x_1, t, sigma_min=0.0):
    noise = torch.einsum("b,b...->b...", 1 - t + sigma_min * t, x_0)
    return noise + torch.einsum("b,b...->b...", t, x_1)


# %% right: one_by_one
# Goes through the batch in a loop.
import torch


def interpolant(x_0, x_1, t, sigma_min=0.0):
    found = []
    for noise, image, time in zip(x_0, x_1, t):
        found.append((1 - (1 - sigma_min) * time) * noise + time * image)
    return torch.stack(found)


# %% right: axes_appended
# Appends axes to the times until they fit.
def interpolant(x_0, x_1, t, sigma_min=0.0):
    while t.dim() < x_1.dim():
        t = t.unsqueeze(-1)
    sigma_t = 1.0 - (1.0 - sigma_min) * t
    return t.mul(x_1).add(sigma_t * x_0)
