"""Oracles of the VAE lab: each question's function by its own name and signature, taken another way than the model solution.

Everything is computed in float64 and cast back, so that an oracle is exact for the inputs it was given; device and dtype of a
result follow the input.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal
from torch.distributions import kl_divergence as distributions_kl


def reconstruction_loss(x: Tensor, x_hat: Tensor) -> Tensor:
    """Mean over the batch of ||x_i - x_hat_i||^2, as inner products image by image. x, x_hat: (B, ...). Scalar."""
    differences = (x.double() - x_hat.double()).flatten(1)
    return (sum(d @ d for d in differences) / len(differences)).to(x.dtype)


def bernoulli_nll(x: Tensor, logits: Tensor) -> Tensor:
    """-log p(x) with log(1 - p) = -log(1 + e^l) and log p = l - log(1 + e^l), by logaddexp. x, logits: (B, ...). Scalar, nats."""
    white, wide = x.double(), logits.double()
    log_partition = torch.logaddexp(torch.zeros_like(wide), wide)
    return ((log_partition - white * wide).sum() / len(x)).to(x.dtype)


def kl_divergence(mu: Tensor, logvar: Tensor) -> Tensor:
    """E_q[log q - log p] by quadrature. mu, logvar: (B, D). Scalar, nats."""
    return (_coordinate_kl(mu, logvar).sum() / len(mu)).to(mu.dtype)


def _coordinate_kl(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL of each coordinate by three-point Gauss-Hermite quadrature, exact because log q - log p is quadratic in z. (B, D), float64."""
    mean, log_variance = mu.double(), logvar.double()
    total = torch.zeros_like(mean)
    for node, share in ((-math.sqrt(3), 1 / 6), (0.0, 2 / 3), (math.sqrt(3), 1 / 6)):
        z = mean + (log_variance / 2).exp() * node
        log_q = -0.5 * (node**2 + log_variance)
        log_p = -0.5 * z.square()
        total = total + share * (log_q - log_p)
    return total


def reparameterize(mu: Tensor, logvar: Tensor, eps: Tensor) -> Tensor:
    """mu + A eps with A A^T the covariance, as a matrix product for each row. mu, logvar, eps: (B, D). (B, D)."""
    factor = torch.diag_embed(logvar.double().exp().sqrt())
    return (mu.double() + torch.matmul(factor, eps.double().unsqueeze(-1)).squeeze(-1)).to(mu.dtype)


def beta_vae_loss(x: Tensor, logits: Tensor, mu: Tensor, logvar: Tensor, beta: float = 1.0) -> Tensor:
    """-log p(x | z) + beta KL(q || p), from this module's own terms. Scalar, nats."""
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)


def free_bits(mu: Tensor, logvar: Tensor, floor: float) -> Tensor:
    """sum_d max(floor, batch mean of the KL of latent d), latent by latent. mu, logvar: (B, D). Scalar, nats."""
    columns = _coordinate_kl(mu, logvar).T
    return torch.stack([torch.maximum(column.mean(), torch.full_like(column.mean(), floor)) for column in columns]).sum().to(mu.dtype)


def log_marginal(x: Tensor, W: Tensor, b: Tensor, sigma: float) -> Tensor:
    """log N(x | b, W W^T + sigma^2 I) in the K-dimensional space: Woodbury's identity and the determinant lemma. (B,), nats."""
    weights, residual = W.double(), x.double() - b.double()
    D, K = W.shape
    inner = weights.T @ weights + sigma**2 * torch.eye(K, dtype=torch.float64, device=x.device)
    projected = residual @ weights
    quadratic = (residual.square().sum(1) - (projected * torch.linalg.solve(inner, projected.T).T).sum(1)) / sigma**2
    log_det = 2 * (D - K) * math.log(sigma) + torch.linalg.slogdet(inner).logabsdet
    return (-0.5 * (D * math.log(2 * math.pi) + log_det + quadratic)).to(x.dtype)


def optimal_posterior(x: Tensor, W: Tensor, b: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    """p(z | x) by conditioning the joint Gaussian of (z, x), in the D-dimensional space. (mean (B, K), cov (K, K))."""
    weights = W.double()
    D, K = W.shape
    covariance_x = weights @ weights.T + sigma**2 * torch.eye(D, dtype=torch.float64, device=x.device)
    gain = torch.linalg.solve(covariance_x, weights).T  # (K, D), Cov[z, x] Cov[x]^-1
    mean = (x.double() - b.double()) @ gain.T
    cov = torch.eye(K, dtype=torch.float64, device=x.device) - gain @ weights
    return mean.to(x.dtype), cov.to(x.dtype)


def gaussian_elbo(x: Tensor, W: Tensor, b: Tensor, sigma: float, m: Tensor, S: Tensor) -> Tensor:
    """log p(x) less the gap KL(q || posterior): the ELBO without any expectation. m: (B, K); S: (K, K). (B,), nats."""
    data, weights, offset = x.double(), W.double(), b.double()
    mean, cov = optimal_posterior(data, weights, offset, sigma)
    return (log_marginal(data, weights, offset, sigma) - elbo_gap(m.double(), S.double(), mean, cov)).to(x.dtype)


def elbo_gap(m: Tensor, S: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
    """KL(N(m_i, S) || N(mean_i, cov)) as torch.distributions has it. m, mean: (B, K); S, cov: (K, K). (B,), nats."""
    # without validation, which looks at values and so fails on the meta device
    q = MultivariateNormal(m.double(), _symmetric(S.double()), validate_args=False)
    p = MultivariateNormal(mean.double(), _symmetric(cov.double()), validate_args=False)
    return distributions_kl(q, p).to(m.dtype)


def _symmetric(matrix: Tensor) -> Tensor:
    return (matrix + matrix.T) / 2


def iwae_bound(log_w: Tensor) -> Tensor:
    """Batch mean of log (1/K) sum_k w_k, adding one sample at a time in log space. log_w: (K, B). Scalar, nats."""
    log_sum = reduce(torch.logaddexp, log_w.double())
    return (log_sum - math.log(len(log_w))).mean().to(log_w.dtype)


def moment_penalty(z: Tensor) -> Tensor:
    """Squared distances of mean, standard deviation, kurtosis from 0, 1, 3; moments from all pairs of codes. z: (B, D). Scalar."""
    wide = z.double()
    # for independent draws u, v of the batch: E(u - v)^2 = 2 s^2 and E(u - v)^4 = 2 mu_4 + 6 s^4
    pairs = wide.unsqueeze(0) - wide.unsqueeze(1)
    variance = pairs.pow(2).mean((0, 1)) / 2
    fourth = pairs.pow(4).mean((0, 1)) / 2 - 3 * variance.square()
    mean = wide.sum(0) / len(wide)
    return (mean.square() + (variance.sqrt() - 1).square() + (fourth / variance.square() - 3).square()).sum().to(z.dtype)


def encoder_step(encoder: Any, optimizer: Any, x: Tensor) -> Tensor:
    """One optimizer step on the moment penalty of encoder(x), its gradients set by hand. Returns the penalty before it, detached."""
    penalty = moment_penalty(encoder(x))
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for parameter, grad in zip(parameters, torch.autograd.grad(penalty, parameters), strict=True):
        parameter.grad = grad
    optimizer.step()
    return penalty.detach()


def nearest_code(z: Tensor, codebook: Tensor) -> Tensor:
    """Index of the nearest code by brute force over all pairs. z: (B, D); codebook: (K, D). (B,) int64."""
    return (z.double().unsqueeze(1) - codebook.double().unsqueeze(0)).square().sum(-1).argmin(1)


class _StraightThrough(torch.autograd.Function):
    """Forward the second argument, backward the identity to the first."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, z_q: Tensor) -> Tensor:
        return z_q.clone()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        return grads[0], None


def straight_through(z: Tensor, z_q: Tensor) -> Tensor:
    """z_q forward, identity backward, as an autograd function of its own. z, z_q: (B, D). (B, D)."""
    return _StraightThrough.apply(z, z_q)


def vq_losses(z: Tensor, z_q: Tensor) -> tuple[Tensor, Tensor]:
    """(codebook, commitment): mean over the batch of ||z - z_q||^2, with one side or the other held constant. Two scalars."""
    return reconstruction_loss(z.detach(), z_q), reconstruction_loss(z, z_q.detach())


def interpolate(z_1: Tensor, z_2: Tensor, a: Tensor) -> Tensor:
    """(a, 1 - a) times the matrix of both ends. z_1, z_2: (D,); a: (A,). (A, D)."""
    return (torch.stack([a, 1 - a], dim=1).double() @ torch.stack([z_1, z_2]).double()).to(z_1.dtype)
