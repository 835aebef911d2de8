"""Known answers: The optimal q of a linear-Gaussian VAE."""

# %% spoils: covariance_unscaled
# Leaves sigma squared out of the covariance.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, torch.linalg.inv(M)


# %% spoils: diagonal
# Keeps only the variances of the latents.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    cov = sigma**2 * torch.linalg.inv(M)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, torch.diag(cov.diagonal())


# %% spoils: mean_unnormalised
# Stops at W^T (x - b) / sigma^2 for the mean.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return (x - b) @ W / sigma**2, sigma**2 * torch.linalg.inv(M)


# %% spoils: offset_forgotten
# Does not subtract b.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ x.T).T, sigma**2 * torch.linalg.inv(M)


# %% spoils: precision
# Returns the precision for the covariance.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, M / sigma**2


# %% spoils: prior_forgotten
# Leaves out the prior: least squares.
import torch


def optimal_posterior(x, W, b, sigma):
    inverse = torch.linalg.pinv(W)
    return (x - b) @ inverse.T, sigma**2 * inverse @ inverse.T


# %% spoils: sigma_not_squared
# Uses sigma where its square belongs.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, sigma * torch.linalg.inv(M)


# %% corner: squeezed
# Drops every axis of one from the means.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(M, W.T @ (x - b).T).T
    return mean.squeeze(), sigma**2 * torch.linalg.inv(M)


# %% corner: in_place
# Subtracts b from the caller's x.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    x.data -= b
    return torch.linalg.solve(M, W.T @ x.T).T, sigma**2 * torch.linalg.inv(M)


# %% corner: inverse_of_the_gram_matrix
# Inverts W^T W alone on the way, which is singular when W has more columns than rows.
import torch


def optimal_posterior(x, W, b, sigma):
    gram = torch.linalg.inv(W.T @ W)
    eye = torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    shrink = torch.linalg.inv(eye + sigma**2 * gram)
    return (x - b) @ W @ gram @ shrink.T, sigma**2 * gram @ shrink


# %% corner: noise_floor
# Does not let sigma fall below a floor.
import torch


def optimal_posterior(x, W, b, sigma):
    sigma = max(sigma, 0.05)
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, sigma**2 * torch.linalg.inv(M)


# %% corner: single_precision
# Computes in float32, whatever it is given.
import torch


def optimal_posterior(x, W, b, sigma):
    W_, r = W.float(), (x - b).float()
    M = W_.T @ W_ + sigma**2 * torch.eye(W.shape[1], device=x.device)
    mean, cov = torch.linalg.solve(M, W_.T @ r.T).T, sigma**2 * torch.linalg.inv(M)
    return mean.to(x.dtype), cov.to(x.dtype)


# %% corner: three_results
# Returns the precision as a third result.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(M, W.T @ (x - b).T).T
    return mean, sigma**2 * torch.linalg.inv(M), M / sigma**2


# %% spoils: covariance_detached
# Has the right covariance, but lets no gradient through it.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(M, W.T @ (x - b).T).T
    return mean, (sigma**2 * torch.linalg.inv(M)).detach()


# %% spoils: gain_detached
# Has the right mean, but treats the matrix that makes it as a constant.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    cov = sigma**2 * torch.linalg.inv(M)
    gain = (cov @ W.T / sigma**2).detach()
    return (x - b) @ gain.T, cov


# %% spoils: cholesky_factor
# Returns the Cholesky factor for the covariance.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(M, W.T @ (x - b).T).T
    return mean, torch.linalg.cholesky(sigma**2 * torch.linalg.inv(M))


# %% spoils: batch_centred
# Centres x at the batch's mean instead of b.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - x.mean(0)).T).T, sigma**2 * torch.linalg.inv(M)


# %% spoils: mean_of_unit_noise
# Forgets the noise in the mean, as if sigma were one.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    eye = torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(W.T @ W + eye, W.T @ (x - b).T).T
    return mean, sigma**2 * torch.linalg.inv(M)


# %% spoils: eigenvectors_of_the_noise
# Has the right values, but gradients of nan: the noise has equal eigenvalues, whose vectors are
# arbitrary.
import torch


def optimal_posterior(x, W, b, sigma):
    cov_x = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    values, vectors = torch.linalg.eigh(cov_x)
    gain = W.T @ (vectors / values) @ vectors.T
    eye = torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return (x - b) @ gain.T, eye - gain @ W


# %% right: conditioning
# Conditions the joint Gaussian of z and x, one sample at a time.
import torch


def optimal_posterior(x, W, b, sigma):
    D, K = W.shape
    gain = W.T @ torch.linalg.inv(W @ W.T + sigma**2 * torch.eye(D, dtype=x.dtype, device=x.device))
    means = [gain @ (row - b) for row in x]
    return torch.stack(means), torch.eye(K, dtype=x.dtype, device=x.device) - gain @ W


# %% right: precision
# Posterior precision first, then its inverse by Cholesky.
import torch


def optimal_posterior(x, W, b, sigma):
    precision = torch.eye(W.shape[1], dtype=x.dtype, device=x.device) + W.T @ W / sigma**2
    cov = torch.cholesky_inverse(torch.linalg.cholesky(precision))
    return (x - b) @ W @ cov / sigma**2, cov


# %% right: named_tuple
# Returns a named tuple.
from typing import NamedTuple

import torch


class Posterior(NamedTuple):
    mean: torch.Tensor
    cov: torch.Tensor


def optimal_posterior(x, W, b, sigma):
    scaled = W / sigma
    precision = scaled.T.mm(scaled)
    precision = precision + torch.eye(len(precision), dtype=x.dtype, device=x.device)
    factor = torch.linalg.cholesky(precision)
    mean = torch.cholesky_solve((scaled / sigma).T @ (x - b).T, factor).T
    return Posterior(mean=mean, cov=torch.cholesky_inverse(factor))


# %% right: least_squares
# Least squares with the prior as K more rows of data.
import torch


def optimal_posterior(x, W, b, sigma):
    D, K = W.shape
    rows = torch.cat([W / sigma, torch.eye(K, dtype=x.dtype, device=x.device)])
    data = torch.cat([(x - b).T / sigma, torch.zeros(K, len(x), dtype=x.dtype, device=x.device)])
    _, triangle = torch.linalg.qr(rows)
    mean = torch.linalg.lstsq(rows, data).solution.T
    inverse = torch.linalg.inv(triangle)
    return mean, inverse @ inverse.T


# %% right: list_of_two
# Returns a list, and takes float32 for the identity.
import torch


def optimal_posterior(x, W, b, sigma):
    D, K = W.shape
    inverse = torch.inverse(torch.einsum("dk,dl->kl", W, W) + sigma**2 * torch.eye(K).to(W.device))
    return [torch.einsum("kl,dl,bd->bk", inverse, W, x - b), inverse * sigma**2]
