"""Known answers: the Frechet distance and the optimal map."""

# %% spoils: cholesky_factors
# Takes the Cholesky factors for roots: the map carries the covariance, but turns the points.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    L_1, _ = torch.linalg.cholesky_ex(C_1)
    L_2, _ = torch.linalg.cholesky_ex(C_2)
    T = L_2 @ torch.linalg.pinv(L_1)
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: roots_apart
# Takes the root of the second covariance times the inverse root of the first.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    values, W = torch.linalg.eigh(C_2)
    T = W * values.clamp(min=0).sqrt() @ W.T @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: roots_apart_symmetrised
# Makes the product of root and inverse root symmetric afterwards.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    values, W = torch.linalg.eigh(C_2)
    T = W * values.clamp(min=0).sqrt() @ W.T @ inverse
    T = (T + T.T) / 2
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: way_back
# Gives the matrix of the map from the second Gaussian to the first.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = root @ (U / values.clamp(min=0).sqrt() @ U.T) @ root
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: no_root
# Leaves out the root in the middle, which gives the second covariance.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ root @ C_2 @ root @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: root_for_inverse
# Multiplies by the roots of the first covariance where it should divide.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = root @ middle @ root
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: middle_only
# Returns the root in the middle, with nothing around it.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = middle
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: inverse_once
# Puts the inverse of the covariance on one side in place of its root on both.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ inverse @ middle
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: root_of_ratio
# Takes the root of the second covariance over the first, made symmetric.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    ratio = inverse @ inverse @ C_2
    values, W = torch.linalg.eigh((ratio + ratio.T) / 2)
    T = W * values.clamp(min=0).sqrt() @ W.T
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: another_root
# Has one negative eigenvalue in the root, which carries the covariance all the same.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    signs = torch.ones_like(values)
    signs[0] = -1
    T = inverse @ (U * (signs * values.clamp(min=0).sqrt()) @ U.T) @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: variances_only
# Stretches each feature by its own standard deviations.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = torch.diag((C_2.diagonal() / C_1.diagonal()).sqrt())
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: two_by_two
# Takes the root in the middle by a formula that is right in two dimensions only.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    product = root @ C_2 @ root
    size = torch.linalg.det(product).clamp(min=0).sqrt()
    eye = torch.eye(len(m_1), dtype=C_1.dtype, device=C_1.device)
    middle = (product + size * eye) / (product.trace() + 2 * size).clamp(min=1e-300).sqrt()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: distance_only
# Knows the distance alone, as the course's own metric does, and returns the identity beside it.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = torch.eye(len(m_1), dtype=C_1.dtype, device=C_1.device)
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: one_result
# Returns the distance without the matrix.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    return distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: order
# Returns the matrix first.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return T.to(mean_1.dtype), distance.clamp(min=0).to(mean_1.dtype)


# %% spoils: small_left_out_of_map
# Leaves axes with less than a hundredth of the largest variance out of the map.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V * torch.where(values > 1e-2 * values.max(), 1 / std, 0) @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: tiny_left_out_of_map
# Leaves axes with a variance below a millionth out of the map.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V * torch.where(values > 1e-6, 1 / std, 0) @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: jitter_under_the_map
# Adds a millionth to the variances that the map divides by.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / (values.clamp(min=0) + 1e-6).sqrt() @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: needs_both
# Builds the map in the frame of the second covariance, which must have an inverse then.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    values, W = torch.linalg.eigh(C_2)
    half = W * values.clamp(min=0).sqrt() @ W.T
    values, U = torch.linalg.eigh(half @ C_1 @ half)
    T = half @ (U / values.sqrt() @ U.T) @ half
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: map_of_inverses
# Solves for the map from the inverse of the second covariance, which is nan where that is singular.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = torch.linalg.inv_ex(root @ (U / values.sqrt() @ U.T) @ root)[0]
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: elementwise
# Takes the root of every entry of the product in the middle.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    middle = (root @ C_2 @ root).clamp(min=0).sqrt()
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: lower_triangle
# Hands the product of the covariances, which is not symmetric, to a solver for symmetric matrices.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(C_1 @ C_2)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: symmetrised_product
# Makes the product of the covariances symmetric before the root is taken.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh((C_1 @ C_2 + C_2 @ C_1) / 2)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: root_elementwise
# Takes the root of every entry for the outer root.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root = C_1.clamp(min=0).sqrt()
    inverse = torch.linalg.pinv(root)
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: jittered
# Adds 0.001 to the diagonals to keep the roots away from zero.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    jitter = 1e-3 * torch.eye(len(m_1), dtype=m_1.dtype, device=m_1.device)
    C_1, C_2 = C_1 + jitter, C_2 + jitter
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: no_clamp
# Takes roots of eigenvalues that rounding has made negative.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: cholesky
# Factors the first covariance by Cholesky, which a singular one does not allow.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    root = torch.linalg.cholesky(C_1)
    inverse = torch.linalg.inv(root)
    values, U = torch.linalg.eigh(root.T @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse.T @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: swapped
# Goes from the second Gaussian to the first all the way.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_2, cov_2, mean_1, cov_1))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: distance_through_map
# Takes the trace of T C_1 for the cross term, which is nan where the first covariance is singular.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    T = inverse @ middle @ inverse
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * (T @ C_1).trace()
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: nan_for_zero
# Takes the cross term from T and replaces a distance that is nan by zero.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    T = inverse @ middle @ inverse
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * (T @ C_1).trace()
    return distance.nan_to_num(0.0).clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: half_cross
# Forgets the two before the root.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: mean_not_squared
# Does not square the distance of the means.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).norm() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: root
# Returns the distance, not its square.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).sqrt().to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: product_of_roots
# Takes the product of the roots for the root of the product in the distance.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    values, W = torch.linalg.eigh(C_2)
    other = W * values.clamp(min=0).sqrt() @ W.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * (root @ other).trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: diagonals
# Compares the variances only, as if the covariances were diagonal.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (
        (m_1 - m_2).pow(2).sum()
        + C_1.trace()
        + C_2.trace()
        - 2 * (C_1.diagonal() * C_2.diagonal()).clamp(min=0).sqrt().sum()
    )
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: singular_values
# Takes singular values of the product of the covariances for its eigenvalues.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (
        (m_1 - m_2).pow(2).sum()
        + C_1.trace()
        + C_2.trace()
        - 2 * torch.linalg.svdvals(C_1 @ C_2).sqrt().sum()
    )
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: small_left_out
# Leaves eigenvalues below a thousandth of the largest out of the distance.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    large = values[values > 1e-3 * values.max()]
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * large.sqrt().sum()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: smallest_left_out
# Leaves the smallest eigenvalue, which it takes for rounding, out of the distance.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    large = values[min(1, len(values) - 1) :].clamp(min=0)
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * large.sqrt().sum()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: negative
# Lets rounding push the distance below zero.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: newton_schulz
# Finds the cross term by an iteration, which a covariance of zeros turns into nan.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    eye = torch.eye(len(m_1), dtype=C_1.dtype, device=C_1.device)
    product = C_1 @ C_2
    size = product.norm()
    Y, Z = product / size, eye
    for _ in range(25):
        step = (3 * eye - Z @ Y) / 2
        Y, Z = Y @ step, step @ Z
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * Y.trace() * size.sqrt()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: detached
# Returns both results out of the graph.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).detach().to(mean_1.dtype), T.detach().to(mean_1.dtype)


# %% spoils: map_detached
# Returns the matrix out of the graph.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.detach().to(mean_1.dtype)


# %% spoils: distance_detached
# Returns the distance as a new tensor, out of the graph.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    number = mean_1.new_tensor(max(float(distance), 0.0))
    return number, T.to(mean_1.dtype)


# %% spoils: root_detached
# Counts the root of the first covariance as a constant.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    with torch.no_grad():
        values, V = torch.linalg.eigh(C_1)
        std = values.clamp(min=0).sqrt()
        root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: inverse_detached
# Counts the inverse root of the first covariance as a constant.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse.detach() @ middle @ inverse.detach()
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: eigenvectors_detached
# Counts the eigenvectors in the middle as constants: right for the distance, not for the map.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    U = U.detach()
    values = (U.T @ root @ C_2 @ root @ U).diagonal()
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: numpy
# Goes through NumPy, which loses the gradients.
import numpy as np
import torch


def sqrtm(matrix):
    values, V = np.linalg.eigh(matrix)
    return V * np.sqrt(values.clip(min=0)) @ V.T


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (
        tensor.detach().cpu().double().numpy() for tensor in (mean_1, cov_1, mean_2, cov_2)
    )
    root = sqrtm(C_1)
    middle = sqrtm(root @ C_2 @ root)
    distance = ((m_1 - m_2) ** 2).sum() + np.trace(C_1) + np.trace(C_2) - 2 * np.trace(middle)
    inverse = np.linalg.pinv(root)
    T = torch.tensor(inverse @ middle @ inverse).to(mean_1)
    return torch.tensor(max(distance, 0.0)).to(mean_1), T


# %% corner: single_precision
# Works in the precision of the inputs.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (mean_1, cov_1, mean_2, cov_2)
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: eigenvalues_in_float32
# Takes the eigenvalues in single precision.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = (each.double() for each in torch.linalg.eigh(C_1.float()))
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: always_float64
# Returns float64 whatever comes in.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0), T


# %% corner: map_in_float64
# Returns the matrix in float64 whatever comes in.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T


# %% corner: always_float32
# Returns float32 whatever comes in.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).float(), T.float()


# %% corner: jittered_a_little
# Adds a millionth to the diagonals.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    jitter = 1e-6 * torch.eye(len(m_1), dtype=m_1.dtype, device=m_1.device)
    C_1, C_2 = C_1 + jitter, C_2 + jitter
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: one_feature_without_axes
# Takes the axes away where there is one feature.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.squeeze().to(mean_1.dtype)


# %% corner: signs_on_the_cpu
# Makes a tensor of its own on the CPU.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse @ torch.eye(len(m_1), dtype=C_1.dtype)
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: diagonal_overwritten
# Adds next to nothing to the diagonal of the caller's covariance.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    cov_1.data.diagonal().add_(1e-12)
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% corner: history
# Marks the first mean as needing gradients, so that the results keep a history.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    m_1 = m_1.detach().requires_grad_() if not m_1.requires_grad else m_1
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% spoils: remembered
# Keeps the root of the first covariance of its first call.
import torch


ROOTS = {}


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = ROOTS.setdefault(tuple(C_1.shape), torch.linalg.eigh(C_1))
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% right: cholesky_where_it_can
# A Cholesky factor for the map, which fails without an error; singular values for the distance.
import torch


def factor(cov):
    U, S, _ = torch.linalg.svd(cov)
    return U * S.sqrt()


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    a, A, b, B = mean_1.double(), cov_1.double(), mean_2.double(), cov_2.double()
    cross = torch.linalg.svdvals(factor(A).T @ factor(B)).sum()
    distance = (a - b).dot(a - b) + torch.trace(A) + torch.trace(B) - 2 * cross
    L, _ = torch.linalg.cholesky_ex(A)
    values, U = torch.linalg.eigh((L.T @ B @ L).nan_to_num())
    middle = torch.einsum("ij,j,kj->ik", U, torch.relu(values) ** 0.5, U)
    half = torch.linalg.solve_triangular(L.T, middle, upper=True)
    T = torch.linalg.solve_triangular(L.T, half.T, upper=True)
    return torch.relu(distance).to(mean_1.dtype), T.to(mean_1.dtype)


# %% right: polar_factor
# Eigenvalues of the product by a general solver, real parts kept; the map from a polar factor.
import torch


def factors(cov):
    values, V = torch.linalg.eigh(cov)
    std = values.clamp_min(0.0).sqrt()
    return V * std, V / std


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    a, A, b, B = mean_1.double(), cov_1.double(), mean_2.double(), cov_2.double()
    cross = torch.linalg.eigvals(A @ B).real.clamp_min(0.0).sqrt().sum()
    d = (a - b) @ (a - b) + torch.trace(A) + torch.trace(B) - 2 * cross
    (K, _), (L, back) = factors(B), factors(A)
    U, _, Vh = torch.linalg.svd(K.T @ L)
    T = K @ U @ Vh @ back.T
    return torch.clamp(d, min=0.0).to(mean_1.dtype), T.to(mean_1.dtype)


# %% right: other_frame
# The frame of the second covariance, with a pseudo-inverse, so that it may be singular.
import torch


def sqrtm(matrix):
    matrix = 0.5 * (matrix + matrix.T)
    eigenvalues, V = torch.linalg.eigh(matrix)
    return torch.einsum("ij,j,kj->ik", V, torch.relu(eigenvalues) ** 0.5, V)


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    dtype = mean_1.dtype
    mean_1, cov_1, mean_2, cov_2 = (t.double() for t in (mean_1, cov_1, mean_2, cov_2))
    root = sqrtm(cov_2)
    product = root @ cov_1 @ root
    middle = sqrtm(product)
    squared = torch.sum((mean_1 - mean_2) ** 2) + torch.trace(cov_1 + cov_2 - 2 * middle)
    values, V = torch.linalg.eigh(product)
    kept = values > 1e-13 * values[-1]
    V = V[:, kept]
    T = root @ (V / values[kept].sqrt() @ V.T) @ root
    return torch.maximum(squared, torch.zeros_like(squared)).to(dtype), T.to(dtype)


# %% right: by_name
# A named tuple, and what rounding left below zero replaced.
from typing import NamedTuple

import torch


class Transport(NamedTuple):
    distance: torch.Tensor
    matrix: torch.Tensor


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.sqrt().nan_to_num(0.0)
    root = V * std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.sqrt().nan_to_num(0.0) @ U.T
    gap = m_1 - m_2
    total = gap.dot(gap) + torch.trace(C_1 + C_2) - 2 * middle.diagonal().sum()
    if values.numel() and float(std.min()) > 0:
        T = V / std @ V.T @ middle @ (V / std) @ V.T
    else:
        T = torch.zeros_like(C_1)
    return Transport(total.clamp_min(0.0).to(mean_1.dtype), T.to(mean_1.dtype))


# %% right: map_first
# A list; the distance from the map where there is one, else without it.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.to(torch.float64) for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    if values[0] > 1e-12 * values[-1]:
        inside = (V * values.sqrt()).T @ C_2 @ (V * values.sqrt())
        spread, U = torch.linalg.eigh((inside + inside.T) / 2)
        half = (V / values.sqrt()) @ U
        T = half * spread.abs().sqrt() @ half.T
        cross = (T * C_1).sum()
    else:
        T = None
        cross = torch.linalg.eigvals(C_1 @ C_2).sqrt().sum().real
    distance = ((m_1 - m_2) ** 2).sum() + (C_1.diagonal() + C_2.diagonal()).sum() - 2 * cross
    return [distance.abs().to(mean_1.dtype), T if T is None else T.to(mean_1.dtype)]


# %% right: on_the_cpu
# Leaves the device for the eigenvalues, which some devices lack, and comes back; a two of single precision.
import torch


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    a, A, b, B = (tensor.to("cpu", torch.float64) for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(A)
    axes = V * values.relu().sqrt()
    spread, U = torch.linalg.eigh(axes.T @ B @ axes)
    spread = spread.relu().sqrt()
    distance = (a - b).square().sum() + A.trace() + B.trace() - torch.tensor(2.0) * spread.sum()
    T = sum(s * torch.outer(v, v) for s, v in zip(spread, (V / values.sqrt() @ U).T))
    return distance.clamp_min(0.0).to(mean_1), T.to(mean_1)


# %% right: newton
# The root of the middle by Denman and Beavers' iteration, for the map only.
import torch


def root_by_iteration(matrix, n=30):
    size = matrix.norm()
    Y, Z = matrix / size, torch.eye(len(matrix), dtype=matrix.dtype, device=matrix.device)
    for _ in range(n):
        inverse_Y, inverse_Z = torch.linalg.inv_ex(Y)[0], torch.linalg.inv_ex(Z)[0]
        Y, Z = (Y + inverse_Z) / 2, (Z + inverse_Y) / 2
    return Y * size.sqrt()


def gaussian_transport(mean_1, cov_1, mean_2, cov_2):
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    axes = V * std
    product = axes.T @ C_2 @ axes
    spread = torch.linalg.eigvalsh(product).clamp(min=0)
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * spread.sqrt().sum()
    if spread[0] > 1e-12 * spread[-1]:
        middle = root_by_iteration(product)
    else:
        spread, U = torch.linalg.eigh(product)
        middle = U * spread.clamp(min=0).sqrt() @ U.T
    back = V / std
    T = back @ middle @ back.T
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)
