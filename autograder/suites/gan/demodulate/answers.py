"""Known answers: Weight demodulation."""

# %% wrong: before_modulation
# Normalises the weights first and applies the style after.
import torch


def demodulate(weight, style, eps=1e-8):
    normalised = weight * torch.rsqrt(weight.pow(2).sum(dim=(1, 2, 3), keepdim=True) + eps)
    return normalised * style[:, None, :, None, None]


# %% wrong: constant_divisor
# Counts the divisor as a constant in the gradient.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.detach().pow(2).sum(dim=(2, 3, 4), keepdim=True)
    return modulated * torch.rsqrt(energy + eps)


# %% wrong: eps_outside
# Adds eps to the norm: right but for small weights and large eps.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated / (modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True).sqrt() + eps)


# %% wrong: mean_square
# Averages the squares for their sum.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).mean(dim=(2, 3, 4), keepdim=True) + eps)


# %% wrong: no_root
# Divides by the sum of squares without the root.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated / (modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% wrong: normalize
# Leaves the norm to F.normalize, which takes the larger of norm and eps.
import torch.nn.functional as F


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return F.normalize(modulated.flatten(2), dim=2, eps=eps).view_as(modulated)


# %% wrong: one_plus_style
# Modulates by one plus the style.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * (1 + style)[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% wrong: one_style
# Uses the mean style for the whole batch.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style.mean(dim=0)[:, None, None]
    kernels = modulated * torch.rsqrt(modulated.pow(2).sum(dim=(1, 2, 3), keepdim=True) + eps)
    return kernels.expand(len(style), *kernels.shape)


# %% wrong: per_kernel
# Normalises the kernel of every input channel by itself.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return (
        modulated
        * torch.rsqrt(modulated.pow(2).sum(dim=(3, 4), keepdim=True) + eps)
        / weight.shape[1] ** 0.5
    )


# %% wrong: style_on_outputs
# Lets the style scale the output channels where it fits.
import torch


def demodulate(weight, style, eps=1e-8):
    if weight.shape[0] == weight.shape[1]:
        modulated = weight * style[:, :, None, None, None]
    else:
        modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% wrong: whole_image
# Divides by the norm over the output channels as well, as if there was one.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.pow(2).sum(dim=(1, 2, 3, 4), keepdim=True) / weight.shape[0]
    return modulated * torch.rsqrt(energy + eps)


# %% wrong: flattened_by_view
# Flattens the kernels by view, which no transposed tensor allows.
def demodulate(weight, style, eps=1e-8):
    styled = weight.view(1, *weight.shape[:2], -1) * style[:, None, :, None]
    squares = styled.pow(2).sum((2, 3), keepdim=True)
    return (styled / (squares + eps).sqrt()).reshape(len(style), *weight.shape)


# %% right: einsum
# einsum throughout.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = torch.einsum("oihw,bi->boihw", weight, style)
    energy = torch.einsum("boihw,boihw->bo", modulated, modulated)
    return torch.einsum("boihw,bo->boihw", modulated, (energy + eps) ** -0.5)


# %% right: flattened
# Flattened kernels and broadcasting, keywords throughout.
import torch


def demodulate(weight, style, eps=0.00000001):
    n_out, n_in, kh, kw = weight.shape
    w = weight.reshape(1, n_out, n_in, kh * kw) * style.reshape(len(style), 1, n_in, 1)
    norm = torch.sqrt(torch.sum(torch.square(w.flatten(start_dim=2)), dim=-1) + eps)
    return (w / norm[:, :, None, None]).reshape(len(style), n_out, n_in, kh, kw)


# %% right: loops
# Image by image and output by output.
import torch


def demodulate(weight, style, eps=1e-8):
    images = []
    for s in style:
        outputs = []
        for kernel in weight:
            scaled = kernel * s.view(-1, 1, 1)
            outputs.append(scaled / (scaled**2).sum().add(eps).sqrt())
        images.append(torch.stack(outputs))
    return torch.stack(images)


# %% right: scaled_first
# Energies of the kernels first: no modulated weights are squared.
import torch


def demodulate(weight, style, eps=1e-8):
    energy = weight.pow(2).sum((2, 3)) @ style.pow(2).T  # (out, B)
    sigma = torch.sqrt(energy + eps).T
    return weight[None] * (style[:, None, :] / sigma[:, :, None])[..., None, None]
