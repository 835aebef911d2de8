"""Known answers: Adaptive instance normalisation."""

# %% wrong: batch_statistics
# Takes mean and variance over the batch as well, as batch normalisation does.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(0, 2, 3), keepdim=True)
    variance = x.var(dim=(0, 2, 3), correction=0, keepdim=True)
    return (
        scale[:, :, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[:, :, None, None]
    )


# %% wrong: bias_scaled
# Adds the bias before the scale is applied.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean) / torch.sqrt(variance + eps)
    return scale[:, :, None, None] * (normalised + bias[:, :, None, None])


# %% wrong: constant_statistics
# Counts mean and variance as constants in the gradient.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean.detach()) / torch.sqrt(variance.detach() + eps)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% wrong: eps_fixed
# Ignores the eps that is asked for.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    return scale[:, :, None, None] * F.instance_norm(x) + bias[:, :, None, None]


# %% wrong: eps_outside
# Adds eps to the standard deviation.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    std = x.std(dim=(2, 3), correction=0, keepdim=True)
    return scale[:, :, None, None] * (x - mean) / (std + eps) + bias[:, :, None, None]


# %% wrong: first_style
# Gives the first image's style to the whole batch.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    return (
        scale[0][:, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[0][:, None, None]
    )


# %% wrong: layer_statistics
# Takes mean and variance over the channels as well, as layer normalisation does.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    variance = x.var(dim=(1, 2, 3), correction=0, keepdim=True)
    return (
        scale[:, :, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[:, :, None, None]
    )


# %% wrong: std_gradient
# Takes the root before eps is added, so that a constant map has no finite gradient.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    std = (x - mean).pow(2).mean(dim=(2, 3), keepdim=True).sqrt()
    return scale[:, :, None, None] * (x - mean) / torch.sqrt(std**2 + eps) + bias[:, :, None, None]


# %% wrong: unbiased
# Divides by H W - 1 in the variance.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), keepdim=True)
    return (
        scale[:, :, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[:, :, None, None]
    )


# %% wrong: variance_for_std
# Divides by the variance for the standard deviation.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    return scale[:, :, None, None] * (x - mean) / (variance + eps) + bias[:, :, None, None]


# %% right: group_norm
# Group normalisation with one channel in each group, by the library.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    normalised = F.group_norm(x, num_groups=x.shape[1], eps=eps)
    return scale.unsqueeze(-1).unsqueeze(-1) * normalised + bias.unsqueeze(-1).unsqueeze(-1)


# %% right: loops
# Map by map, in loops.
import torch


def adain(x, scale, bias, eps=1e-5):
    images = []
    for i in range(x.shape[0]):
        maps = []
        for c in range(x.shape[1]):
            one = x[i, c]
            m = one.sum() / one.numel()
            v = ((one - m) ** 2).sum() / one.numel()
            maps.append(scale[i, c] * (one - m) * (v + eps) ** -0.5 + bias[i, c])
        images.append(torch.stack(maps))
    return torch.stack(images)


# %% right: raw_moments
# The mean of squares less the squared mean, with einsum.
import torch


def adain(x, scale, bias, eps=1e-5):
    pixels = x.double().flatten(2)
    mean = pixels.mean(-1)
    var = (torch.einsum("bcn,bcn->bc", pixels, pixels) / pixels.shape[-1] - mean * mean).clamp_min(
        0.0
    )
    gain = scale.double() / torch.sqrt(var + eps)
    return (
        torch.addcmul((bias.double() - gain * mean)[..., None], gain[..., None], pixels)
        .view_as(x)
        .to(x.dtype)
    )


# %% right: var_mean
# torch.var_mean and addcmul.
import torch


def adain(x, scale, bias, eps=1e-5):
    B, C = x.shape[:2]
    variance, mean = torch.var_mean(x, dim=[-2, -1], unbiased=False, keepdim=True)
    s, b = scale.view(B, C, 1, 1), bias.view(B, C, 1, 1)
    return torch.addcmul(b, s, (x - mean).mul(variance.add(eps).rsqrt()))
