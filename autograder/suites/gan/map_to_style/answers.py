"""Known answers: The mapping network."""

# %% spoils: bias_after
# Adds the bias after LeakyReLU.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight), 0.2) + bias
    return h


# %% spoils: default_slope
# Uses the library's slope of 0.01 after every layer but the last.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2 if i + 1 == len(weights) else 0.01)
    return h


# %% corner: eps_outside
# Adds 1e-8 outside of the root.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / (torch.sqrt(z.pow(2).mean(dim=1, keepdim=True)) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: every_layer
# Scales to mean square one between the layers as well.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if i > 0:
            h = h / torch.sqrt(h.pow(2).mean(dim=1, keepdim=True) + 1e-8)
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: last_linear
# Leaves the last layer without LeakyReLU.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        h = F.linear(h, weight, bias)
        if i + 1 < len(weights):
            h = F.leaky_relu(h, 0.2)
    return h


# %% spoils: not_normalised
# Does not scale the codes.
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: over_features
# Takes the mean square of each coordinate over the batch.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=0) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: over_the_batch
# Scales by the mean square of the whole batch.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean() + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: standardised
# Takes the mean off each code as well.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    centred = z - z.mean(dim=1, keepdim=True)
    h = centred / torch.sqrt(z.var(dim=1, correction=0, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: unit_length
# Scales the codes to length one.
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = F.normalize(z, dim=1)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% corner: without_eps
# Divides by the root of the mean square alone.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True))
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: scaled_weights
# Scales the weights by the root of the fan-in, as the released code does.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight / weight.shape[1] ** 0.5, bias), 0.2)
    return h


# %% spoils: divisor_detached
# Counts the divisor of a code as a constant.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    with torch.no_grad():
        length = torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    h = z / length
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: modules
# Copies weights and biases into modules, which get the gradients.
import torch
from torch import nn


def map_to_style(z, weights, biases):
    layers = []
    for weight, bias in zip(weights, biases, strict=True):
        linear = nn.Linear(weight.shape[1], weight.shape[0], device=z.device, dtype=z.dtype)
        linear.weight.data.copy_(weight)
        linear.bias.data.copy_(bias)
        layers += [linear.requires_grad_(weight.requires_grad), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers)(z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8))


# %% spoils: last_layer_only
# Gives the gradient to the last layer only.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = F.leaky_relu(F.linear(h, weight.data, bias.data), 0.2)
    return F.leaky_relu(F.linear(h, weights[-1], biases[-1]), 0.2) if weights else h


# %% spoils: clamped
# Clamps the units at 256, as released code for half precision does, but at a tenth of it.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2).clamp(-2.56, 25.6)
    return h


# %% spoils: half_precision
# Normalises in half precision.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.half().pow(2).mean(dim=1, keepdim=True).to(z.dtype) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% spoils: transposed_when_square
# Multiplies from the other side where the sizes allow it.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = h @ weight if weight.shape[0] == weight.shape[1] else h @ weight.T
        h = F.leaky_relu(h + bias, 0.2)
    return h


# %% corner: squeezed
# Takes the axis of a batch of one away.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h.squeeze()


# %% corner: squeezed_units
# Takes every axis of size one away between the layers, and the batch's back at the end.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(torch.einsum("oi,bi->bo", weight, h) + bias, 0.2)
    return h.squeeze(1) if h.shape[1:] == (1,) else h


# %% corner: vector_of_one
# Divides by the standard deviation about zero, which has no value for codes of one number.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    K = z.shape[1]
    mean = z.mean(dim=1, keepdim=True)
    square = z.var(dim=1, keepdim=True) * (K - 1) / K + mean**2
    h = z / torch.sqrt(square + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% corner: library_norm
# Leaves the length to F.normalize, which has another eps.
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = F.normalize(z, dim=1) * z.shape[1] ** 0.5
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% corner: lists_popped
# Takes the layers off the caller's lists.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    while weights:
        h = F.leaky_relu(F.linear(h, weights.pop(0), biases.pop(0)), 0.2)
    return h


# %% spoils: codes_overwritten
# Scales the caller's codes in place.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    length = torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    h = z / length
    z.data.copy_(h)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% right: functional_call
# A network of modules, called with the caller's tensors for its parameters.
import torch
from torch import nn


def map_to_style(z, weights, biases):
    layers, parameters = [], {}
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        layers += [nn.Linear(weight.shape[1], weight.shape[0]), nn.LeakyReLU(0.2)]
        parameters |= {f"{2 * i}.weight": weight, f"{2 * i}.bias": bias}
    scaled = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
    return torch.func.functional_call(nn.Sequential(*layers), parameters, (scaled,))


# %% right: float32_constants
# Keeps slope and eps as tensors of single precision.
import torch


def map_to_style(z, weights, biases):
    slope, eps = torch.tensor([0.2, 1e-8], device=z.device)
    h = z / (z.norm(dim=1, keepdim=True) ** 2 / z.shape[1] + eps).sqrt()
    for A, b in zip(weights, biases, strict=True):
        h = (A @ h.mT).mT + b
        h = h.clamp(min=0) + slope * h.clamp(max=0)
    return h


# %% right: in_place_on_its_own
# Works in place on tensors of its own.
import torch


def map_to_style(z, weights, biases):
    h = torch.div(z, z.pow(2).mean(-1).add_(1e-8).sqrt_()[:, None])
    for i in range(len(weights)):
        h = torch.nn.functional.leaky_relu_(h.mm(weights[i].t()).add_(biases[i]), 0.2)
    return h


# %% right: code_by_code
# One code at a time, and one unit at a time.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    styles = []
    for code in z:
        h = code / (torch.dot(code, code) / len(code) + 1e-8) ** 0.5
        for weight, bias in zip(weights, biases, strict=True):
            units = [torch.dot(row, h) + b for row, b in zip(weight, bias, strict=True)]
            h = F.leaky_relu(torch.stack(units), 0.2)
        styles.append(h)
    return torch.stack(styles)


# %% right: einsum
# Maximum for LeakyReLU, einsum for the layers.
import torch


def map_to_style(z, weights, biases):
    h = torch.einsum("bk,b->bk", z, (torch.einsum("bk,bk->b", z, z) / z.size(1) + 1e-8) ** -0.5)
    for i in range(len(weights)):
        h = torch.einsum("oi,bi->bo", weights[i], h) + biases[i][None]
        h = torch.maximum(h, h / 5)
    return h


# %% right: matrix_products
# Matrix products and torch.where.
import torch


def map_to_style(z, weights, biases):
    w = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
    for A, b in zip(weights, biases, strict=True):
        w = w @ A.T + b
        w = torch.where(w > 0, w, 0.2 * w)
    return w


# %% right: recursive
# One layer, then the rest by recursion, in a helper.
import torch
import torch.nn.functional as F


def layers(h, weights, biases):
    if not weights:
        return h
    first = torch.addmm(biases[0], h, weights[0].transpose(0, 1))
    return layers(F.leaky_relu(first, negative_slope=0.2), weights[1:], biases[1:])


def map_to_style(z, weights, biases):
    K = z.shape[1]
    length = torch.sqrt((z * z).sum(dim=1) / K + 1e-8)
    return layers(z / length[:, None], list(weights), list(biases))
