"""Known answers: Exact log p(x) of a linear-Gaussian VAE."""

# %% spoils: determinant
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


# %% spoils: diagonal
# Keeps only the variances of x and drops its covariances.
import torch


def log_marginal(x, W, b, sigma):
    std = (W.pow(2).sum(1) + sigma**2).sqrt()
    return torch.distributions.Normal(b, std, validate_args=False).log_prob(x).sum(1)


# %% corner: eye_on_cpu
# Makes its identity matrix on the CPU.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% spoils: half_on_quadratic_alone
# Puts the half on the quadratic form alone.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    ) - torch.logdet(C)


# %% spoils: latent_dimension
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


# %% spoils: no_constant
# Leaves out D log 2 pi.
import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1))


# %% spoils: noise_alone
# Forgets that z spreads x: the likelihood at z = 0.
import torch


def log_marginal(x, W, b, sigma):
    return torch.distributions.Normal(b, sigma, validate_args=False).log_prob(x).sum(1)


# %% spoils: offset_forgotten
# Centres p(x) at zero.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (x * torch.linalg.solve(C, x.T).T).sum(1)
    )


# %% spoils: shape_without_values
# Works on the meta device throughout: every shape is right, and nothing was computed.
import torch


def log_marginal(x, W, b, sigma):
    return torch.empty(x.shape[0], dtype=x.dtype, device="meta", requires_grad=True)


# %% spoils: sigma_not_squared
# Adds sigma to the covariance, not its square.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% corner: squeezed
# Drops every axis of one, so that a batch of one gives a bare number.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    quadratic = (r * torch.linalg.solve(C, r.T).T).sum(1).squeeze()
    return -0.5 * (len(W) * math.log(2 * math.pi) + torch.logdet(C) + quadratic)


# %% corner: in_place
# Subtracts b from the caller's x.
import math

import torch


def log_marginal(x, W, b, sigma):
    r = x.data.sub_(b)
    r = x
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% corner: jitter
# Adds a small number to the covariance to be safe, which counts where there is little noise.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + (sigma**2 + 1e-6) * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% corner: noise_floor
# Does not let sigma fall below a floor.
import math

import torch


def log_marginal(x, W, b, sigma):
    sigma = max(sigma, 0.05)
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% corner: single_precision
# Computes in float32, whatever it is given.
import torch


def log_marginal(x, W, b, sigma):
    cov = W.float() @ W.float().T + sigma**2 * torch.eye(len(W), device=x.device)
    normal = torch.distributions.MultivariateNormal(b.float(), cov)
    return normal.log_prob(x.float()).to(x.dtype)


# %% corner: rounded_pi
# Knows two digits of pi.
import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    log_det = torch.logdet(2 * 3.1415 * C)
    return -0.5 * (log_det + (r * torch.linalg.solve(C, r.T).T).sum(1))


# %% spoils: determinant_detached
# Has the right value, but lets no gradient through the determinant.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    log_det = torch.logdet(C.detach())
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + log_det + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% spoils: eigenvectors
# Has the right value, but gradients of nan: noise gives equal eigenvalues, whose vectors are
# arbitrary.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    values, vectors = torch.linalg.eigh(C)
    white = (x - b) @ vectors / values.sqrt()
    return -0.5 * (len(W) * math.log(2 * math.pi) + values.log().sum() + white.pow(2).sum(1))


# %% spoils: directions_of_w_alone
# Counts for the determinant only the directions that W reaches.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    log_det = (torch.linalg.svdvals(W) ** 2 + sigma**2).log().sum()
    return -0.5 * (
        len(W) * math.log(2 * math.pi) + log_det + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )


# %% spoils: mean_over_dimensions
# Averages over the dimensions of x.
import torch


def log_marginal(x, W, b, sigma):
    cov = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    return torch.distributions.MultivariateNormal(b, cov).log_prob(x) / x.shape[1]


# %% spoils: cholesky_not_doubled
# Takes the log-determinant of the Cholesky factor for that of the covariance.
import math

import torch


def log_marginal(x, W, b, sigma):
    L = torch.linalg.cholesky(
        W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    )
    white = torch.linalg.solve_triangular(L, (x - b).T, upper=False)
    log_det = L.diagonal().log().sum()
    return -0.5 * (len(W) * math.log(2 * math.pi) + log_det + white.pow(2).sum(0))


# %% spoils: samples_of_z
# Averages the likelihood over samples of z.
import math

import torch


def log_marginal(x, W, b, sigma):
    z = torch.randn(20000, 1, W.shape[1], dtype=x.dtype, device=x.device)
    likelihood = torch.distributions.Normal(z @ W.T + b, sigma).log_prob(x).sum(-1)
    return likelihood.logsumexp(0) - math.log(len(z))


# %% spoils: through_numbers
# Leaves the graph: every row becomes a number of Python.
import torch


def log_marginal(x, W, b, sigma):
    cov = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    density = torch.distributions.MultivariateNormal(b, cov).log_prob(x)
    return torch.tensor([value.item() for value in density], dtype=x.dtype, device=x.device)


# %% spoils: cached
# Keeps the covariance of its first call.
import math

import torch

kept = {}


def log_marginal(x, W, b, sigma):
    if sigma not in kept:
        kept[sigma] = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    C, r = kept[sigma], x - b
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


# %% right: own_copy_and_float32_constant
# Works in place on its own copy, and takes log 2 pi as a tensor in float32.
import math

import torch


def log_marginal(x, W, b, sigma):
    r = x.clone()
    r -= b
    C = W @ W.T
    C.diagonal().add_(sigma**2)
    quadratic = torch.einsum("bi,ij,bj->b", r, torch.linalg.inv(C), r)
    log_2_pi = torch.log(torch.tensor(2 * math.pi, device=x.device))
    return -(quadratic + torch.linalg.slogdet(C).logabsdet + len(W) * log_2_pi) / 2


# %% right: one_x_at_a_time
# Writes the density of one x, and maps it over the batch.
import math

import torch


def log_marginal(x, W, b, sigma):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    L = torch.linalg.cholesky(C)

    def density(one):
        white = torch.cholesky_solve((one - b)[:, None], L)[:, 0]
        return -((one - b) @ white) / 2 - len(b) / 2 * math.log(2 * math.pi)

    return torch.func.vmap(density)(x) - L.diagonal().log().sum()


# %% right: eigenvalues
# The determinant from eigenvalues, the quadratic form by a solver for each x.
import math

import torch


def log_marginal(x, W, b, sigma):
    D = W.size(0)
    cov = torch.matmul(W, W.t()) + torch.eye(D).to(x) * sigma * sigma
    log_det = torch.linalg.eigvalsh(cov).log().sum()
    out = []
    for i in range(x.size(0)):
        centred = (x[i] - b).unsqueeze(1)
        form = centred.t().mm(torch.linalg.solve(cov, centred)).reshape(())
        out.append(-0.5 * (form + log_det + D * math.log(2 * math.pi)))
    return torch.stack(out)
