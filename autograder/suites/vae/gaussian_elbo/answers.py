"""Known answers: Exact ELBO of a linear-Gaussian VAE."""

# %% spoils: at_the_mean
# Evaluates the likelihood at the mean of q and leaves its spread out.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: determinant
# Takes the logarithm of the determinant, which underflows with many latents.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.log(torch.linalg.det(S)))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: diagonal
# Drops the covariances of q.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    S = torch.diag(S.diagonal())
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: dimension_forgotten
# Forgets the K of the KL, so that q = p has a KL.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, _ = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: exact_likelihood
# Returns log p(x), whatever q is.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    C = W @ W.T + sigma**2 * torch.eye(len(W), dtype=x.dtype, device=x.device)
    r = x - b
    truth = -0.5 * (
        len(W) * math.log(2 * math.pi) + torch.logdet(C) + (r * torch.linalg.solve(C, r.T).T).sum(1)
    )
    return truth + 0 * (m.sum() + S.sum())


# %% spoils: kl_added
# Adds the KL.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) + kl


# %% spoils: no_normaliser
# Leaves out the constant of the likelihood, as in a squared-error loss.
import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    K = W.shape[1]
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * error / sigma**2 - kl


# %% spoils: sigma_not_squared
# Divides the squared error by sigma, not by its square.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma) + error / sigma) - kl


# %% corner: squeezed
# Drops every axis of one, so that a batch of one gives a bare number.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return (-0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl).squeeze()


# %% corner: in_place
# Subtracts b from the caller's x.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    x.data -= b
    error = (x - m @ W.T).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% corner: noise_floor
# Does not let sigma fall below a floor.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    sigma = max(sigma, 0.05)
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% corner: safe_division
# Adds a small number to the variance of the noise, which counts where there is little of it.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / (sigma**2 + 1e-6)) - kl


# %% corner: single_precision
# Computes in float32, whatever it is given.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    dtype = x.dtype
    x, W, b, m, S = (tensor.float() for tensor in (x, W, b, m, S))
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    value = -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl
    return value.to(dtype)


# %% spoils: batch_mean
# Averages over the batch and gives every row the same bound.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return (
        (-0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl)
        .mean()
        .expand(len(x))
    )


# %% spoils: spread_detached
# Has the right value, but learns nothing from the spread of q.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace((W @ S @ W.T).detach())
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: kl_detached
# Has the right value, but lets no gradient through the KL.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl.detach()


# %% spoils: isotropic_spread
# Gives every latent the average variance of q in the likelihood.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(S) / K * W.pow(2).sum()
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: spread_twice
# Takes the covariance of q for its factor in the spread.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + (W @ S).pow(2).sum()
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: kl_reversed
# Computes KL(p || q).
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    inverse = torch.linalg.inv(S)
    kl = 0.5 * (torch.trace(inverse) + (m @ inverse * m).sum(1) - K + torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: latents_for_dimensions
# Counts latents for dimensions in the normaliser.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (K * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: samples_of_z
# Estimates the expectation with samples, where a closed form is asked for.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    L = torch.linalg.cholesky(S)
    z = m + torch.randn(2000, len(m), K, dtype=x.dtype, device=x.device) @ L.T
    error = (x - z @ W.T - b).pow(2).sum(-1).mean(0)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% spoils: marginal_likelihood
# Puts log p(x) in the place of the expected log-likelihood.
import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    C = W @ W.T + sigma**2 * torch.eye(D, dtype=x.dtype, device=x.device)
    likelihood = torch.distributions.MultivariateNormal(b, C).log_prob(x)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return likelihood - kl


# %% corner: marks_its_arguments
# Marks the caller's means and covariance as needing gradients.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    for tensor in (m, S):
        if tensor.is_leaf:
            tensor.requires_grad_()
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% right: distributions
# KL by torch.distributions, the expected error by einsum.
import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    prior = torch.distributions.MultivariateNormal(torch.zeros_like(m), torch.eye(m.shape[1]).to(S))
    q = torch.distributions.MultivariateNormal(m, S)
    likelihood = torch.distributions.Normal(m @ W.T + b, sigma).log_prob(x).sum(1)
    spread = torch.einsum("dk,kl,dl->", W, S, W) / (2 * sigma**2)
    return likelihood - spread - torch.distributions.kl_divergence(q, prior)


# %% right: entropy
# Expected log-joint plus the entropy of q, from a Cholesky factor.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    L = torch.linalg.cholesky(S)
    A = W @ L
    residual = x - (W @ m.T).T - b
    e_lik = (
        -D * math.log(sigma)
        - D / 2 * math.log(2 * math.pi)
        - ((residual**2).sum(-1) + (A**2).sum()) / 2 / sigma**2
    )
    e_prior = -K / 2 * math.log(2 * math.pi) - ((m**2).sum(-1) + (L**2).sum()) / 2
    entropy = K / 2 * (1 + math.log(2 * math.pi)) + torch.log(torch.diagonal(L)).sum()
    return e_lik + e_prior + entropy


# %% right: sigma_points
# The expectation by 2 K symmetric points, exact for a quadratic.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    L = torch.linalg.cholesky(S)
    value = 0
    for k in range(K):
        for sign in (1, -1):
            z = m + sign * math.sqrt(K) * L[:, k]
            log_joint = -((x - z @ W.T - b) ** 2).sum(1) / (2 * sigma**2) - (z**2).sum(1) / 2
            value = value + log_joint / (2 * K)
    constant = -D / 2 * math.log(2 * math.pi * sigma**2) + K / 2
    return value + constant + torch.linalg.slogdet(S)[1] / 2


# %% right: eigenvalues
# The KL from the eigenvalues of S, and constants in float32.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    values = torch.linalg.eigvalsh(S)
    kl = 0.5 * ((values - 1 - values.log()).sum() + torch.einsum("bk,bk->b", m, m))
    log_var = torch.log(torch.tensor(2 * math.pi * sigma * sigma, device=x.device))
    error = torch.linalg.vector_norm(x - m @ W.t() - b, dim=1) ** 2
    spread = ((W.t() @ W) * S).sum()
    return -0.5 * (len(b) * log_var + (error + spread) / sigma**2) - kl


# %% right: row_by_row
# One row at a time, with helper functions.
import math

import torch


def expected_log_likelihood(x, W, b, sigma, m, S):
    r = x - (W @ m + b)
    expected = r @ r + sum(w @ S @ w for w in W)
    return -expected / (2 * sigma**2) - len(x) * (math.log(sigma) + math.log(2 * math.pi) / 2)


def kl_to_prior(m, S):
    return (S.diagonal().sum() + m @ m - len(m) - torch.slogdet(S)[1]) / 2


def gaussian_elbo(x, W, b, sigma, m, S):
    return torch.stack(
        [
            expected_log_likelihood(x_i, W, b, sigma, m_i, S) - kl_to_prior(m_i, S)
            for x_i, m_i in zip(x, m, strict=True)
        ]
    )
