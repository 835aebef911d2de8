"""Known answers: Exact log p(x) of a linear-Gaussian VAE."""

# %% wrong: determinant
# Takes the logarithm of the determinant, which underflows for images.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi)
        + torch.log(torch.linalg.det(C))
        + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% wrong: diagonal
# Keeps only the variances of x and drops its covariances.
import torch


def log_marginal(x, W, b, sigma):
    std = (W.pow(2).sum(1) + sigma**2).sqrt()
    return torch.distributions.Normal(b, std, validate_args=False).log_prob(x).sum(1)


# %% wrong: eye_on_cpu
# Makes its identity matrix on the CPU.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% wrong: half_on_quadratic_alone
# Puts the half on the quadratic form alone.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    ) - torch.logdet(C)


# %% wrong: latent_dimension
# Counts latents for dimensions in the constant.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        W.shape[1] * math.log(2 * math.pi)
        + torch.logdet(C)
        + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% wrong: no_constant
# Leaves out D log 2 pi.
import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1))


# %% wrong: noise_alone
# Forgets that z spreads x: the likelihood at z = 0.
import torch


def log_marginal(x, W, b, sigma):
    return torch.distributions.Normal(b, sigma, validate_args=False).log_prob(x).sum(1)


# %% wrong: offset_forgotten
# Centres p(x) at zero.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (x * torch.linalg.solve(C, x.T).T).sum(1)
    )


# %% wrong: shape_without_values
# Works on the meta device throughout: every shape is right, and nothing was computed.
import torch


def log_marginal(x, W, b, sigma):
    return torch.empty(x.shape[0], dtype=x.dtype, device="meta", requires_grad=True)


# %% wrong: sigma_not_squared
# Adds sigma to the covariance, not its square.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% right: by_bayes
# log p(x, z) - log p(z | x) at z = 0.
import math

import torch


def log_marginal(x, W, b, sigma):
    D, K = W.shape
    M = W.T @ W / sigma**2 + torch.eye(K, dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(M, W.T @ (x - b).T / sigma**2).T
    joint = (
        -0.5 * ((x - b) ** 2).sum(1) / sigma**2
        - D / 2 * math.log(2 * math.pi * sigma**2)
        - K / 2 * math.log(2 * math.pi)
    )
    posterior = (
        -0.5 * ((mean @ M) * mean).sum(1) + 0.5 * torch.logdet(M) - K / 2 * math.log(2 * math.pi)
    )
    return joint - posterior


# %% right: distributions
# torch.distributions with a full covariance.
import torch


def log_marginal(x, W, b, sigma):
    cov = W @ W.T + sigma**2 * torch.eye(W.shape[0]).to(x)
    return torch.distributions.MultivariateNormal(b, covariance_matrix=cov).log_prob(x)


# %% right: inverse
# Explicit inverse and slogdet, sample by sample.
import math

import torch


def log_marginal(x, W, b, sigma):
    D = x.shape[1]
    cov = torch.einsum("ik,jk->ij", W, W)
    cov = cov + torch.diag(torch.full((D,), sigma**2, dtype=x.dtype, device=x.device))
    inverse, (_, log_det) = torch.linalg.inv(cov), torch.linalg.slogdet(cov)
    rows = []
    for row in x:
        d = row - b
        rows.append(-(d @ inverse @ d) / 2 - log_det / 2 - D / 2 * math.log(2 * math.pi))
    return torch.stack(rows)


# %% right: low_rank
# torch.distributions with a low-rank covariance.
import torch


def log_marginal(x, W, b, sigma):
    noise = torch.full_like(b, sigma**2)
    return torch.distributions.LowRankMultivariateNormal(b, W, noise).log_prob(x)


# %% right: on_the_cpu
# Computes in float64 on the CPU, gradients included, and returns to the device of x.
import torch


def log_marginal(x, W, b, sigma):
    data, weights, offset = (tensor.cpu().double() for tensor in (x, W, b))
    cov = weights @ weights.T + sigma**2 * torch.eye(len(offset), dtype=torch.float64)
    density = torch.distributions.MultivariateNormal(offset, cov).log_prob(data)
    return density.to(x.device, x.dtype)
