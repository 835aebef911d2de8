"""Known answers: Adaptive instance normalisation."""

# %% spoils: batch_statistics
# Takes mean and variance over the batch as well, as batch normalisation does.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(0, 2, 3), keepdim=True)
    variance = x.var(dim=(0, 2, 3), correction=0, keepdim=True)
    return (
        scale[:, :, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[:, :, None, None]
    )


# %% spoils: bias_scaled
# Adds the bias before the scale is applied.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean) / torch.sqrt(variance + eps)
    return scale[:, :, None, None] * (normalised + bias[:, :, None, None])


# %% spoils: constant_statistics
# Counts mean and variance as constants in the gradient.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean.detach()) / torch.sqrt(variance.detach() + eps)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% corner: eps_fixed
# Ignores the eps that is asked for.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    return scale[:, :, None, None] * F.instance_norm(x) + bias[:, :, None, None]


# %% spoils: eps_outside
# Adds eps to the standard deviation.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    std = x.std(dim=(2, 3), correction=0, keepdim=True)
    return scale[:, :, None, None] * (x - mean) / (std + eps) + bias[:, :, None, None]


# %% spoils: first_style
# Gives the first image's style to the whole batch.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    return (
        scale[0][:, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[0][:, None, None]
    )


# %% spoils: layer_statistics
# Takes mean and variance over the channels as well, as layer normalisation does.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    variance = x.var(dim=(1, 2, 3), correction=0, keepdim=True)
    return (
        scale[:, :, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[:, :, None, None]
    )


# %% spoils: std_gradient
# Takes the root before eps is added, so that a constant map has no finite gradient.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    std = (x - mean).pow(2).mean(dim=(2, 3), keepdim=True).sqrt()
    return scale[:, :, None, None] * (x - mean) / torch.sqrt(std**2 + eps) + bias[:, :, None, None]


# %% spoils: unbiased
# Divides by H W - 1 in the variance.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), keepdim=True)
    return (
        scale[:, :, None, None] * (x - mean) / torch.sqrt(variance + eps) + bias[:, :, None, None]
    )


# %% spoils: variance_for_std
# Divides by the variance for the standard deviation.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    return scale[:, :, None, None] * (x - mean) / (variance + eps) + bias[:, :, None, None]


# %% spoils: channels_for_images
# Reads the styles the wrong way round where there are as many images as channels.
import torch


def adain(x, scale, bias, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    if scale.shape[0] == scale.shape[1]:
        scale, bias = scale.T, bias.T
    normalised = (x - mean) / torch.sqrt(variance + eps)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% spoils: clipped
# Keeps the normalised pixels within five standard deviations.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    normalised = F.instance_norm(x, eps=eps).clamp(-5, 5)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% spoils: half_precision
# Takes the statistics in half precision.
import torch


def adain(x, scale, bias, eps=1e-5):
    variance, mean = torch.var_mean(x.half(), dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean.to(x.dtype)) / torch.sqrt(variance.to(x.dtype) + eps)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% spoils: nan_to_num
# Has no eps, and replaces what becomes nan.
import torch


def adain(x, scale, bias, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    std = (x - mean).pow(2).mean(dim=(2, 3), keepdim=True).sqrt()
    normalised = torch.nan_to_num((x - mean) / std)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% spoils: positive_scale
# Takes the scale without its sign.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    return scale.abs()[:, :, None, None] * F.instance_norm(x, eps=eps) + bias[:, :, None, None]


# %% spoils: running_statistics
# Averages mean and variance with those of the calls before.
import torch

seen = {}


def adain(x, scale, bias, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    if seen.get("shape") == (x.shape, x.dtype, x.device):
        mean = 0.9 * mean + 0.1 * seen["mean"]
        variance = 0.9 * variance + 0.1 * seen["variance"]
    seen.update(shape=(x.shape, x.dtype, x.device), mean=mean.detach(), variance=variance.detach())
    normalised = (x - mean) / torch.sqrt(variance + eps)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% spoils: style_detached
# Trains nothing that makes the styles.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    normalised = F.instance_norm(x, eps=eps)
    return scale.detach()[:, :, None, None] * normalised + bias.detach()[:, :, None, None]


# %% corner: squeezed
# Takes away axes of size one and puts back what it thinks has gone.
import torch


def adain(x, scale, bias, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean) / torch.sqrt(variance + eps)
    return scale.squeeze()[..., None, None] * normalised + bias.squeeze()[..., None, None]


# %% corner: eps_as_floor
# Takes eps for the least variance.
import torch


def adain(x, scale, bias, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean) / torch.sqrt(variance.clamp(min=eps))
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% corner: data_overwritten
# Centres the caller's maps behind autograd's back, and puts only the copy right.
import torch


def adain(x, scale, bias, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean) / torch.sqrt(variance + eps)
    x.data.sub_(mean.detach())
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% corner: flattened_by_view
# Flattens the maps by view, which no transposed tensor allows.
import torch


def adain(x, scale, bias, eps=1e-5):
    pixels = x.view(x.shape[0], x.shape[1], -1)
    variance, mean = torch.var_mean(pixels, dim=2, correction=0, keepdim=True)
    normalised = (pixels - mean) / torch.sqrt(variance + eps)
    return (scale[:, :, None] * normalised + bias[:, :, None]).reshape(x.shape)


# %% corner: single_precision
# Computes in float32 whatever comes in.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    normalised = F.instance_norm(x.float(), eps=eps).to(x.dtype)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]


# %% right: batch_norm
# Batch normalisation of one image with B C channels, with the styles as its weights.
import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    B, C, H, W = x.shape
    as_one = x.reshape(1, B * C, H, W)
    shifted = F.batch_norm(
        as_one, None, None, scale.reshape(-1), bias.reshape(-1), training=True, eps=eps
    )
    return shifted.reshape(B, C, H, W)


# %% right: float32_eps
# Keeps eps as a tensor of single precision.
import torch


def adain(x, scale, bias, eps=1e-5):
    small = torch.tensor(eps, device=x.device)
    centred = x - x.mean((2, 3), keepdim=True)
    spread = (centred.square().mean((2, 3), keepdim=True) + small).sqrt()
    return torch.einsum("bc,bchw->bchw", scale, centred / spread) + bias[..., None, None]


# %% right: vmap
# One map, mapped over channels and images.
import torch


def one_map(pixels, s, b, eps):
    centred = pixels - pixels.mean()
    return s * centred / torch.sqrt((centred * centred).mean() + eps) + b


def adain(x, scale, bias, eps=1e-5):
    over_channels = torch.vmap(one_map, in_dims=(0, 0, 0, None))
    return torch.vmap(over_channels, in_dims=(0, 0, 0, None))(x, scale, bias, eps)


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
