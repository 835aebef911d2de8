"""Known answers: Spectral normalisation."""

# %% spoils: flattened_to_columns
# Flattens a convolution's weight with the input channels as rows, where u fits.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    if weight.ndim > 2 and weight.shape[0] == weight.shape[1]:
        W = weight.transpose(0, 1).flatten(start_dim=1)
    elif weight.ndim == 4:
        W = weight.permute(0, 2, 3, 1).flatten(start_dim=2).sum(dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u


# %% spoils: frobenius
# Divides a convolution's weight by its Frobenius norm.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = W.norm() if weight.ndim == 4 else u @ W @ v
    return weight / sigma, u


# %% spoils: kernel_by_kernel
# Sums the kernel's positions before the iteration instead of flattening them.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=2).sum(dim=2) if weight.ndim > 2 else weight
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u


# %% spoils: norm_gradient
# Takes the norm of W v for sigma, with the gradient of the norm through both vectors.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    for _ in range(n_iterations):
        v = F.normalize(W.T @ u, dim=0)
        u = F.normalize(W @ v, dim=0).detach()
    return weight / (W @ v).norm(), u


# %% spoils: old_u
# Uses the old u with the new v in sigma.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    old = F.normalize(u, dim=0)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            old, u = F.normalize(u, dim=0), F.normalize(W @ v, dim=0)
    return weight / (old @ W @ v), u


# %% spoils: old_vector_returned
# Returns the u that it was given, normalised, so that the estimate never improves between calls.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    start = F.normalize(u, dim=0)
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), start if n_iterations == 1 else u


# %% spoils: one_iteration
# Ignores the number of iterations.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(1):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u


# %% spoils: sigma_constant
# Treats sigma as a constant for the gradient.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = (u @ W @ v).detach()
    return weight / sigma, u


# %% spoils: squared_sigma
# Takes the eigenvalue of W W^T for the singular value.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ (W.T @ u)
    return weight / sigma, u


# %% corner: svd
# Computes the exact singular value instead of power iterations.
import torch


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    left, values, _ = torch.linalg.svd(W, full_matrices=False)
    return weight / values[0], left[:, 0].detach()


# %% spoils: through_the_iteration
# Lets the gradient flow through the power iteration too.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    for _ in range(n_iterations):
        v = F.normalize(W.T @ u, dim=0)
        u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    return weight / sigma, u.detach()


# %% corner: u_in_place
# Overwrites the u that it is given.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u.copy_(F.normalize(W @ v, dim=0))
    return weight / (u.clone() @ W @ v), u.clone()


# %% spoils: unnormalised_first
# Does not normalise v.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = W.T @ u
            u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    return weight / sigma, u


# %% corner: weight_in_place
# Divides the weight itself where it needs no gradient.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    if not weight.requires_grad:
        weight /= sigma
        return weight, u
    return weight / sigma, u


# %% spoils: above_one_only
# Divides only where the singular value is above one.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v).clamp(min=1.0), u


# %% spoils: half_of_the_gradient
# Divides by a sigma of which half is detached.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    return weight / (0.5 * (sigma + sigma.detach())), u


# %% spoils: root_of_sigma
# Divides by the root of sigma for a convolution.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    return weight / (sigma if weight.ndim == 2 else sigma.abs().sqrt()), u


# %% spoils: kernel_area
# Multiplies the normalised kernel of a convolution by the root of its area.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    normalised = weight / (u @ W @ v)
    return normalised * (weight[0, 0].numel() ** 0.5 if weight.ndim > 2 else 1.0), u


# %% spoils: right_vector_for_square
# Returns v for u where the matrix is square.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), v if len(v) == len(u) else u


# %% spoils: no_graph
# Normalises without a graph.
import torch
import torch.nn.functional as F


@torch.no_grad()
def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    for _ in range(n_iterations):
        v = F.normalize(W.T @ u, dim=0)
        u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u


# %% spoils: own_vector
# Keeps its own u from call to call.
import torch
import torch.nn.functional as F

kept = {}


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    u = kept.get((weight.shape, weight.dtype), u).to(u.device)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    kept[weight.shape, weight.dtype] = u
    return weight / (u @ W @ v), u


# %% corner: least_sigma
# Takes no singular value below a thousandth.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v).clamp(min=1e-3), u


# %% corner: squeezed
# Drops every axis of size one of the matrix.
import torch


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = (W.T @ u[:, None]).squeeze()
            v = v / v.norm()
            u = (W @ v[:, None]).squeeze()
            u = u / u.norm()
    return weight / (u @ W @ v), u


# %% corner: view_of_the_weight
# Views the weight as a matrix, which needs it contiguous.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.view(weight.shape[0], -1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u


# %% corner: short_u_left
# Takes a u shorter than a tenth for a vector of length one.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = W.T @ u
            v = v / v.norm().clamp(min=0.1)
            u = F.normalize(W @ v, dim=0)
    return weight / (u @ W @ v), u


# %% corner: single_precision
# Iterates in float32.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W, u = weight.flatten(start_dim=1), u.float()
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.float().T @ u, dim=0)
            u = F.normalize(W.float() @ v, dim=0)
    u, v = u.to(weight.dtype), v.to(weight.dtype)
    return weight / (u @ W @ v), u


# %% corner: data_overwritten
# Writes the normalised weight into the weight as well.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    normalised = weight / (u @ W @ v)
    weight.data.copy_(normalised.detach())
    return normalised, u


# %% right: named_tuple
# Iterates with the Gram matrix of detached weights, and returns a named tuple.
from collections import namedtuple

import torch

Normalised = namedtuple("Normalised", "weight u")


def spectral_normalize(weight, u, n_iterations=1):
    rows = weight.reshape(len(weight), -1)
    fixed = rows.detach().clone()
    for _ in range(n_iterations):
        v = torch.nn.functional.normalize(torch.mv(fixed.t(), u.detach()), dim=-1)
        u = torch.nn.functional.normalize(torch.mv(fixed, v), dim=-1)
    return Normalised((rows / torch.sum(u[:, None] * rows * v)).reshape(weight.shape), u)


# %% right: numpy_iteration
# Iterates in numpy, which the vectors may, because they are constants for the gradient.
import numpy as np
import torch


def spectral_normalize(weight, u, n_iterations=1):
    matrix = weight.detach().cpu().numpy().reshape(weight.shape[0], -1)
    left = u.detach().cpu().numpy()
    for _ in range(n_iterations):
        right = matrix.T @ left
        right = right / np.linalg.norm(right)
        left = matrix @ right
        left = left / np.linalg.norm(left)
    left, right = (torch.as_tensor(each).to(weight) for each in (left, right))
    return weight / (left @ weight.flatten(1) @ right), left


# %% corner: history_of_the_old_u
# Holds the weight constant in the iteration, but not the u that it begins with.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    for _ in range(n_iterations):
        v = F.normalize(W.detach().T @ u, dim=0)
        u = F.normalize(W.detach() @ v, dim=0)
    return weight / (u @ W @ v), u


# %% right: einsum
# Computes sigma as an inner product of matrices, by einsum.
import torch


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.reshape(weight.size(0), -1)
    u = u.detach()
    for _ in range(n_iterations):
        v = torch.einsum("oi,o->i", W.detach(), u)
        v = v / torch.sqrt(torch.sum(v**2))
        u = torch.einsum("oi,i->o", W.detach(), v)
        u = u / torch.sqrt(torch.sum(u**2))
    sigma = torch.einsum("o,oi,i->", u, W, v)
    return (W / sigma).reshape(weight.shape), u


# %% right: helper
# Does the iteration in a decorated helper and returns a list.
import torch


def unit(vector):
    return vector / torch.linalg.vector_norm(vector)


@torch.no_grad()
def iterate(W, u, n):
    v = unit(W.mT @ u)
    u = unit(W @ v)
    return (u, v) if n == 1 else iterate(W, u, n - 1)


def spectral_normalize(weight, u, n_iterations=1):
    u, v = iterate(weight.flatten(1), u, n_iterations)
    sigma = (torch.outer(u, v) * weight.flatten(1)).sum()
    return [weight.div(sigma), u]


# %% right: written_out
# Writes products and norms out, on detached weights.
import torch


def spectral_normalize(weight, u, n_iterations=1):
    matrix = weight.reshape(weight.shape[0], -1)
    frozen = matrix.detach()
    left = u.detach()
    for _ in range(n_iterations):
        right = frozen.t().mv(left)
        right = right / right.norm(p=2)
        left = frozen.mv(right)
        left = left / left.norm(p=2)
    sigma = torch.dot(left, torch.mv(matrix, right))
    return weight / sigma, left
