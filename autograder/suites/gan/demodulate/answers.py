"""Known answers: Weight demodulation."""

# %% spoils: before_modulation
# Normalises the weights first and applies the style after.
import torch


def demodulate(weight, style, eps=1e-8):
    normalised = weight * torch.rsqrt(weight.pow(2).sum(dim=(1, 2, 3), keepdim=True) + eps)
    return normalised * style[:, None, :, None, None]


# %% spoils: constant_divisor
# Counts the divisor as a constant in the gradient.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.detach().pow(2).sum(dim=(2, 3, 4), keepdim=True)
    return modulated * torch.rsqrt(energy + eps)


# %% spoils: eps_outside
# Adds eps to the norm: right but for small weights and large eps.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated / (modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True).sqrt() + eps)


# %% spoils: mean_square
# Averages the squares for their sum.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).mean(dim=(2, 3, 4), keepdim=True) + eps)


# %% spoils: no_root
# Divides by the sum of squares without the root.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated / (modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% corner: normalize
# Leaves the norm to F.normalize, which takes the larger of norm and eps.
import torch.nn.functional as F


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return F.normalize(modulated.flatten(2), dim=2, eps=eps).view_as(modulated)


# %% spoils: one_plus_style
# Modulates by one plus the style.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * (1 + style)[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% spoils: one_style
# Uses the mean style for the whole batch.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style.mean(dim=0)[:, None, None]
    kernels = modulated * torch.rsqrt(modulated.pow(2).sum(dim=(1, 2, 3), keepdim=True) + eps)
    return kernels.expand(len(style), *kernels.shape)


# %% spoils: per_kernel
# Normalises the kernel of every input channel by itself.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return (
        modulated
        * torch.rsqrt(modulated.pow(2).sum(dim=(3, 4), keepdim=True) + eps)
        / weight.shape[1] ** 0.5
    )


# %% spoils: style_on_outputs
# Lets the style scale the output channels where it fits.
import torch


def demodulate(weight, style, eps=1e-8):
    if weight.shape[0] == weight.shape[1]:
        modulated = weight * style[:, :, None, None, None]
    else:
        modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% spoils: whole_image
# Divides by the norm over the output channels as well, as if there was one.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.pow(2).sum(dim=(1, 2, 3, 4), keepdim=True) / weight.shape[0]
    return modulated * torch.rsqrt(energy + eps)


# %% corner: flattened_by_view
# Flattens the kernels by view, which no transposed tensor allows.
def demodulate(weight, style, eps=1e-8):
    styled = weight.view(1, *weight.shape[:2], -1) * style[:, None, :, None]
    squares = styled.pow(2).sum((2, 3), keepdim=True)
    return (styled / (squares + eps).sqrt()).reshape(len(style), *weight.shape)


# %% spoils: not_for_1x1
# Leaves kernels of one pixel modulated only, as the layers that make colours do.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    if weight.shape[2:] == (1, 1):
        return modulated
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% spoils: positive_styles
# Takes styles without their sign.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style.abs()[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% spoils: style_detached_in_divisor
# Counts the styles as constants in the divisor, and not the weights.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = style.detach().pow(2) @ weight.pow(2).sum((2, 3)).T
    return modulated * torch.rsqrt(energy + eps)[:, :, None, None, None]


# %% spoils: weight_detached
# Trains the styles only.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight.detach() * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% spoils: bare_root
# Has no eps, and replaces what becomes nan.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return torch.nan_to_num(modulated / modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True).sqrt())


# %% spoils: centred
# Takes the variance of the weights for their sum of squares.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    variance = modulated.var(dim=(2, 3, 4), correction=0, keepdim=True)
    return modulated * torch.rsqrt(variance * weight[0].numel() + eps)


# %% spoils: half_precision
# Sums the squares in half precision.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.half().pow(2).sum(dim=(2, 3, 4), keepdim=True).to(weight.dtype)
    return modulated * torch.rsqrt(energy + eps)


# %% spoils: square_kernels
# Takes the kernel to be as wide as it is high.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    k = weight.shape[2]
    energy = modulated[..., :k].pow(2).sum(dim=(2, 3, 4), keepdim=True)
    return modulated * torch.rsqrt(energy + eps)


# %% corner: fan_in
# Divides the weights by the root of the fan-in first, which cancels but for eps.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight / weight[0].numel() ** 0.5 * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% corner: largest_first
# Divides weights and styles by their largest first, as released code for half precision does.
import torch


def demodulate(weight, style, eps=1e-8):
    weight = weight / weight.abs().amax(dim=(1, 2, 3), keepdim=True).clamp(min=1e-30)
    style = style / style.abs().amax(dim=1, keepdim=True).clamp(min=1e-30)
    modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)


# %% corner: eps_as_floor
# Takes eps for the least sum of squares.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True)
    return modulated * torch.rsqrt(energy.clamp(min=eps))


# %% corner: eps_fixed
# Ignores the eps that is asked for.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + 1e-8)


# %% corner: squeezed
# Takes a batch of one for no batch.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style.squeeze(0)[..., None, :, None, None]
    return modulated * torch.rsqrt(modulated.pow(2).sum(dim=(-3, -2, -1), keepdim=True) + eps)


# %% corner: weights_overwritten
# Keeps the caller's weights at length one.
import torch


def demodulate(weight, style, eps=1e-8):
    modulated = weight * style[:, None, :, None, None]
    result = modulated * torch.rsqrt(modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True) + eps)
    if not weight.requires_grad:
        weight.numpy()[:] = torch.nn.functional.normalize(weight.flatten(1)).view_as(weight)
    return result


# %% right: float32_constants
# Keeps eps as a tensor of single precision.
import torch


def demodulate(weight, style, eps=1e-8):
    small = torch.tensor(eps, device=weight.device, dtype=torch.float32)
    w = weight.unsqueeze(0) * style[:, None, :, None, None]
    return w / (torch.linalg.vector_norm(w, dim=(2, 3, 4), keepdim=True) ** 2 + small).sqrt()


# %% right: vmap
# One image, mapped over the batch, in place on its own copies.
import torch


def one_image(weight, style, eps):
    own = weight * style[:, None, None]
    energy = own.flatten(1).square().sum(1).add_(eps)
    return own / energy.sqrt_()[:, None, None, None]


def demodulate(weight, style, eps=1e-8):
    return torch.vmap(one_image, in_dims=(None, 0, None))(weight, style, eps)


# %% right: grouped
# Outputs and images in one axis, as for a grouped convolution, and apart again.
import torch


def demodulate(weight, style, eps=1e-8):
    B, n_out = style.shape[0], weight.shape[0]
    w = weight.repeat(B, 1, 1, 1) * style.repeat_interleave(n_out, 0)[:, :, None, None]
    w = w * (w.pow(2).sum([1, 2, 3]) + eps).pow(-0.5).view(-1, 1, 1, 1)
    return w.unflatten(0, (B, n_out))


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
