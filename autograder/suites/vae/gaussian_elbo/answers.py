"""Known answers: Exact ELBO of a linear-Gaussian VAE."""

# %% wrong: at_the_mean
# Evaluates the likelihood at the mean of q and leaves its spread out.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% wrong: determinant
# Takes the logarithm of the determinant, which underflows with many latents.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.log(torch.linalg.det(S)))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% wrong: diagonal
# Drops the covariances of q.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    S = torch.diag(S.diagonal())
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% wrong: dimension_forgotten
# Forgets the K of the KL, so that q = p has a KL.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, _ = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) - kl


# %% wrong: exact_likelihood
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


# %% wrong: kl_added
# Adds the KL.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2) + kl


# %% wrong: no_normaliser
# Leaves out the constant of the likelihood, as in a squared-error loss.
import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    K = W.shape[1]
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * error / sigma**2 - kl


# %% wrong: sigma_not_squared
# Divides the squared error by sigma, not by its square.
import math

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(1) + torch.trace(W @ S @ W.T)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(1) - K - torch.logdet(S))
    return -0.5 * (D * math.log(2 * math.pi * sigma) + error / sigma) - kl


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
