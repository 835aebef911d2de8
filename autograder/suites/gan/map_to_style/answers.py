"""Known answers: The mapping network."""

# %% wrong: bias_after
# Adds the bias after LeakyReLU.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight), 0.2) + bias
    return h


# %% wrong: default_slope
# Uses the library's slope of 0.01 after every layer but the last.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2 if i + 1 == len(weights) else 0.01)
    return h


# %% wrong: eps_outside
# Adds 1e-8 outside of the root.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / (torch.sqrt(z.pow(2).mean(dim=1, keepdim=True)) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% wrong: every_layer
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


# %% wrong: last_linear
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


# %% wrong: not_normalised
# Does not scale the codes.
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% wrong: over_features
# Takes the mean square of each coordinate over the batch.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=0) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% wrong: over_the_batch
# Scales by the mean square of the whole batch.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean() + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% wrong: standardised
# Takes the mean off each code as well.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    centred = z - z.mean(dim=1, keepdim=True)
    h = centred / torch.sqrt(z.var(dim=1, correction=0, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% wrong: unit_length
# Scales the codes to length one.
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = F.normalize(z, dim=1)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


# %% wrong: without_eps
# Divides by the root of the mean square alone.
import torch
import torch.nn.functional as F


def map_to_style(z, weights, biases):
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True))
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h


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
