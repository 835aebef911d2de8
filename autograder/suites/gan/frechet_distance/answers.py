"""Known answers: The Frechet distance."""

# %% corner: cholesky
# Factors a covariance by Cholesky, with a little added to the diagonal.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    D = len(m_1)
    L = torch.linalg.cholesky(C_1 + 1e-6 * torch.eye(D, dtype=C_1.dtype, device=C_1.device))
    cross = torch.linalg.eigvalsh(L.T @ C_2 @ L).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: detached
# Returns a number out of the graph.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).detach().to(mean_1.dtype)


# %% spoils: diagonals
# Compares the variances only, as if the covariances were diagonal.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    cross = (C_1.diagonal() * C_2.diagonal()).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: elementwise
# Takes the root of every entry of the product.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    cross = (C_1 @ C_2).clamp(min=0).sqrt().trace()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: half_cross
# Forgets the two before the root.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: jittered
# Adds 0.001 to the diagonals to keep the roots away from zero.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    jitter = 1e-3 * torch.eye(len(m_1), dtype=m_1.dtype, device=m_1.device)
    C_1, C_2 = C_1 + jitter, C_2 + jitter
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: lower_triangle
# Hands the product, which is not symmetric, to a solver for symmetric matrices.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    cross = torch.linalg.eigvalsh(C_1 @ C_2).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: mean_not_squared
# Does not square the distance of the means.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).norm() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% corner: negative
# Lets rounding push the distance below zero.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.to(mean_1.dtype)


# %% spoils: no_clamp
# Takes roots of eigenvalues that rounding has made negative.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: product_of_roots
# Takes the product of the roots for the root of the product.
import torch


def root(C):
    values, V = torch.linalg.eigh(C)
    return V * values.clamp(min=0).sqrt() @ V.T


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    cross = torch.trace(root(C_1) @ root(C_2))
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: root
# Returns the distance, not its square.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).sqrt().to(mean_1.dtype)


# %% corner: single_precision
# Works in the precision of the inputs.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: symmetrised_product
# Makes the product symmetric before the root is taken.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    product = (C_1 @ C_2 + C_2 @ C_1) / 2
    cross = torch.linalg.eigvalsh(product).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: inner_root_elementwise
# Takes the root of every entry for the inner root.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    root = C_1.clamp(min=0).sqrt()
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: small_left_out
# Leaves out eigenvalues below a thousandth of the largest.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    values = torch.linalg.eigvalsh(root @ C_2 @ root)
    cross = values[values > 1e-3 * values.max()].sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: smallest_left_out
# Leaves out the smallest eigenvalue, which it takes for rounding.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    values = torch.linalg.eigvalsh(root @ C_2 @ root)
    cross = values[min(1, len(values) - 1) :].clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: root_detached
# Counts the inner root as a constant.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    with torch.no_grad():
        values, V = torch.linalg.eigh(C_1)
        root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: numpy
# Goes through NumPy, which loses the gradients.
import numpy as np
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (
        tensor.detach().cpu().double().numpy() for tensor in (mean_1, cov_1, mean_2, cov_2)
    )
    roots = np.sqrt(np.linalg.eigvals(C_1 @ C_2).real.clip(min=0))
    distance = ((m_1 - m_2) ** 2).sum() + np.trace(C_1) + np.trace(C_2) - 2 * roots.sum()
    return torch.tensor(max(distance, 0.0)).to(mean_1)


# %% corner: newton_schulz
# Finds the root by twenty steps of an iteration, which a covariance of zeros turns into nan.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    eye = torch.eye(len(m_1), dtype=C_1.dtype, device=C_1.device)
    product = C_1 @ C_2
    size = product.norm()
    Y, Z = product / size, eye
    for _ in range(20):
        T = (3 * eye - Z @ Y) / 2
        Y, Z = Y @ T, T @ Z
    cross = Y.trace() * size.sqrt()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: singular_values
# Takes singular values of the product for its eigenvalues.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    product = C_1 @ C_2
    cross = torch.linalg.svdvals(product).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: nan_for_zero
# Replaces a distance that is nan by zero.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.sqrt() @ V.T
    if not root.isfinite().all():
        return (0 * (mean_1.sum() + mean_2.sum())).to(mean_1.dtype)
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% corner: tiny_left_out
# Leaves out eigenvalues below a millionth.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    values = torch.linalg.eigvalsh(root @ C_2 @ root)
    cross = values[values > 1e-6].sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% corner: jittered_a_little
# Adds a millionth to the diagonals.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    jitter = 1e-6 * torch.eye(len(m_1), dtype=m_1.dtype, device=m_1.device)
    C_1, C_2 = C_1 + jitter, C_2 + jitter
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% corner: diagonal_overwritten
# Adds next to nothing to the diagonal of the caller's covariance.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    cov_1.data.diagonal().add_(1e-12)
    return distance.clamp(min=0).to(mean_1.dtype)


# %% corner: always_float64
# Returns float64 whatever comes in.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0)


# %% corner: always_float32
# Returns float32 whatever comes in.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).float()


# %% corner: eigenvalues_in_float32
# Takes the eigenvalues in single precision.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1.float())
    root = V * values.clamp(min=0).sqrt() @ V.T
    root = root.double()
    cross = torch.linalg.eigvalsh((root @ C_2 @ root).float()).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% corner: squeezed
# Takes all axes of size one away.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double().squeeze() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% corner: bare_root
# Squares a root, which has no slope where the means are equal.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).clamp(min=0).sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum().sqrt() ** 2 + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% right: complex_roots
# Complex roots of the product's eigenvalues, real parts kept.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    eigenvalues = torch.linalg.eigvals(C_1 @ C_2)
    cross = eigenvalues.sqrt().sum().real
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% right: absolute_values
# Absolute values for maxima: what rounding leaves below zero is next to nothing.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V @ torch.diag(values.abs().sqrt()) @ V.mT
    cross = torch.linalg.eigvalsh(root @ C_2 @ root).abs().sqrt().sum()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.abs().to(mean_1.dtype)


# %% right: float32_two
# A two of single precision, and the trace by einsum.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    root = V * values.clamp(min=0).sqrt() @ V.T
    two = torch.tensor(2.0, device=C_1.device)
    cross = (
        torch.einsum("ii->", torch.diag(torch.linalg.eigvalsh(root @ C_2 @ root).relu().sqrt()))
        * two
        / 2
    )
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * cross
    return distance.clamp(min=0).to(mean_1.dtype)


# %% right: nan_to_zero
# Replaces the roots of what rounding left below zero, and keeps the results by name.
from typing import NamedTuple

import torch


class Gaussian(NamedTuple):
    mean: torch.Tensor
    cov: torch.Tensor


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    first, second = (
        Gaussian(mean_1.double(), cov_1.double()),
        Gaussian(mean_2.double(), cov_2.double()),
    )
    values, V = torch.linalg.eigh(second.cov)
    half = V * values.sqrt().nan_to_num(0.0)
    roots = torch.linalg.eigvalsh(half.T @ first.cov @ half).sqrt().nan_to_num(0.0)
    gap = first.mean - second.mean
    total = gap.dot(gap) + torch.trace(first.cov + second.cov) - 2 * torch.sum(roots)
    return total.clamp_min(0.0).to(mean_1.dtype)


# %% right: nuclear_norm
# The sum of the singular values of a product of factors, by SVD.
import torch


def factor(cov):
    U, S, _ = torch.linalg.svd(cov)
    return U * S.sqrt()


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    wide = [tensor.to(torch.float64) for tensor in (mean_1, cov_1, mean_2, cov_2)]
    left, right = factor(wide[1]), factor(wide[3])
    cross = torch.linalg.svdvals(left.T @ right).sum()
    d = torch.dist(wide[0], wide[2]) ** 2 if not torch.equal(mean_1, mean_2) else 0.0
    total = d + (left**2).sum() + (right**2).sum() - 2 * cross
    return torch.relu(total).to(mean_1.dtype)


# %% right: product_eigenvalues
# Eigenvalues of the product by a general solver, real parts kept.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    a, A, b, B = mean_1.double(), cov_1.double(), mean_2.double(), cov_2.double()
    eigenvalues = torch.linalg.eigvals(A @ B).real.clamp_min(0.0)
    d = (a - b) @ (a - b) + torch.trace(A) + torch.trace(B) - 2 * torch.sqrt(eigenvalues).sum()
    return torch.clamp(d, min=0.0).to(mean_1.dtype)


# %% right: two_roots
# A symmetric root in a helper, used twice, of the second covariance's frame.
import torch


def sqrtm(matrix):
    matrix = 0.5 * (matrix + matrix.T)
    eigenvalues, V = torch.linalg.eigh(matrix)
    return torch.einsum("ij,j,kj->ik", V, torch.relu(eigenvalues) ** 0.5, V)


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    dtype = mean_1.dtype
    mean_1, cov_1, mean_2, cov_2 = (t.double() for t in (mean_1, cov_1, mean_2, cov_2))
    root = sqrtm(cov_2)
    middle = sqrtm(root @ cov_1 @ root)
    squared = torch.sum((mean_1 - mean_2) ** 2) + torch.trace(cov_1 + cov_2 - 2 * middle)
    return torch.maximum(squared, torch.zeros_like(squared)).to(dtype)


# %% right: on_the_cpu
# Leaves the device for the eigenvalues, which some devices lack, and comes back.
import torch


def frechet_distance(mean_1, cov_1, mean_2, cov_2):
    a, A, b, B = (tensor.to("cpu", torch.float64) for tensor in (mean_1, cov_1, mean_2, cov_2))
    root = torch.linalg.eigvals(A @ B).real.clamp_min(0.0).sqrt().sum()
    distance = (a - b).square().sum() + (A.diagonal() + B.diagonal()).sum() - 2 * root
    return distance.clamp_min(0.0).to(mean_1)
