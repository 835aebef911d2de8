"""Known answers: Spectral normalisation."""

# %% wrong: flattened_to_columns
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


# %% wrong: frobenius
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


# %% wrong: kernel_by_kernel
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


# %% wrong: norm_gradient
# Takes the norm of W v for sigma, with the gradient of the norm through both vectors.
import torch
import torch.nn.functional as F


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    for _ in range(n_iterations):
        v = F.normalize(W.T @ u, dim=0)
        u = F.normalize(W @ v, dim=0).detach()
    return weight / (W @ v).norm(), u


# %% wrong: old_u
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


# %% wrong: old_vector_returned
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


# %% wrong: one_iteration
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


# %% wrong: sigma_constant
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


# %% wrong: squared_sigma
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


# %% wrong: svd
# Computes the exact singular value instead of power iterations.
import torch


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.flatten(start_dim=1)
    left, values, _ = torch.linalg.svd(W, full_matrices=False)
    return weight / values[0], left[:, 0].detach()


# %% wrong: through_the_iteration
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


# %% wrong: u_in_place
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


# %% wrong: unnormalised_first
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


# %% wrong: weight_in_place
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


# %% right: einsum
# Computes sigma as an inner product of matrices, by einsum.
import torch


def spectral_normalize(weight, u, n_iterations=1):
    W = weight.view(weight.size(0), -1)
    for _ in range(n_iterations):
        v = torch.einsum("oi,o->i", W.detach(), u)
        v = v / torch.sqrt(torch.sum(v**2))
        u = torch.einsum("oi,i->o", W.detach(), v)
        u = u / torch.sqrt(torch.sum(u**2))
    sigma = torch.einsum("o,oi,i->", u, W, v)
    return (W / sigma).view_as(weight), u


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
