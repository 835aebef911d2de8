"""Known answers: The optimal q of a linear-Gaussian VAE."""

# %% wrong: covariance_unscaled
# Leaves sigma squared out of the covariance.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, torch.linalg.inv(M)


# %% wrong: diagonal
# Keeps only the variances of the latents.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    cov = sigma**2 * torch.linalg.inv(M)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, torch.diag(cov.diagonal())


# %% wrong: mean_unnormalised
# Stops at W^T (x - b) / sigma^2 for the mean.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return (x - b) @ W / sigma**2, sigma**2 * torch.linalg.inv(M)


# %% wrong: offset_forgotten
# Does not subtract b.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ x.T).T, sigma**2 * torch.linalg.inv(M)


# %% wrong: precision
# Returns the precision for the covariance.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma**2 * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, M / sigma**2


# %% wrong: prior_forgotten
# Leaves out the prior: least squares.
import torch


def optimal_posterior(x, W, b, sigma):
    inverse = torch.linalg.pinv(W)
    return (x - b) @ inverse.T, sigma**2 * inverse @ inverse.T


# %% wrong: sigma_not_squared
# Uses sigma where its square belongs.
import torch


def optimal_posterior(x, W, b, sigma):
    M = W.T @ W + sigma * torch.eye(W.shape[1], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(M, W.T @ (x - b).T).T, sigma * torch.linalg.inv(M)


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
