"""Known answers: The gap between log p(x) and the ELBO."""

# %% spoils: batch_mean
# Averages over the batch and gives every row the same gap.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1).mean().expand(len(m))
    return 0.5 * (
        torch.trace(torch.linalg.solve(cov, S))
        + quadratic
        - m.shape[1]
        + torch.logdet(cov)
        - torch.logdet(S)
    )


# %% spoils: determinants
# Takes the logarithm of the determinants' ratio, which is 0 / 0 with many latents.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    ratio = torch.linalg.det(cov) / torch.linalg.det(S)
    return 0.5 * (
        torch.trace(torch.linalg.solve(cov, S)) + quadratic - m.shape[1] + torch.log(ratio)
    )


# %% spoils: diagonal
# Treats both covariances as diagonal.
def elbo_gap(m, S, mean, cov):
    s, c = S.diagonal(), cov.diagonal()
    return 0.5 * (
        (s / c).sum() + ((mean - m).pow(2) / c).sum(1) - m.shape[1] + c.log().sum() - s.log().sum()
    )


# %% spoils: euclidean_means
# Measures the distance of the means without the covariance.
import torch


def elbo_gap(m, S, mean, cov):
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (
        trace + (mean - m).pow(2).sum(1) - m.shape[1] + torch.logdet(cov) - torch.logdet(S)
    )


# %% spoils: means_in_q
# Measures the distance of the means with the covariance of q.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(S, d.T).T).sum(1)
    return 0.5 * (
        torch.trace(torch.linalg.solve(cov, S))
        + quadratic
        - m.shape[1]
        + torch.logdet(cov)
        - torch.logdet(S)
    )


# %% spoils: missing_half
# Leaves out the factor one half.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    return (
        torch.trace(torch.linalg.solve(cov, S))
        + quadratic
        - m.shape[1]
        + torch.logdet(cov)
        - torch.logdet(S)
    )


# %% spoils: reversed
# Computes KL(posterior || q).
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(S, d.T).T).sum(1)
    return 0.5 * (
        torch.trace(torch.linalg.solve(S, cov))
        + quadratic
        - m.shape[1]
        + torch.logdet(S)
        - torch.logdet(cov)
    )


# %% spoils: trace_swapped
# Has the two covariances in the trace the wrong way round.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    return 0.5 * (
        torch.trace(torch.linalg.solve(S, cov))
        + quadratic
        - m.shape[1]
        + torch.logdet(cov)
        - torch.logdet(S)
    )


# %% corner: squeezed
# Drops every axis of one, so that a batch of one gives a bare number.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1).squeeze()
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))


# %% corner: in_place
# Makes the difference of the means in the caller's tensor.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    d = mean.data.sub_(m)
    d = mean
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))


# %% corner: jitter
# Adds a small number to the covariance to be safe, which counts for a certain posterior.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    cov = cov + 1e-6 * torch.eye(len(cov), dtype=cov.dtype, device=cov.device)
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))


# %% corner: single_precision
# Computes in float32, whatever it is given.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    dtype = m.dtype
    d, m, S, cov = d.float(), m.float(), S.float(), cov.float()
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S)).to(dtype)


# %% corner: capped
# Cuts the gap at a number that nobody asked for.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S)).clamp(
        max=1000
    )


# %% spoils: bare_root
# Takes the root of the squared distance and squares it: nan where the means agree.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1).sqrt().pow(2)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))


# %% spoils: q_detached
# Has the right value, but lets no gradient through the determinant of q.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S.detach()))


# %% spoils: posterior_detached
# Has the right value, but treats the posterior's covariance as a constant in the quadratic form.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov.detach(), d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))


# %% spoils: both_directions
# Takes the average of both directions.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    trace = torch.trace(torch.linalg.solve(cov, S)) + torch.trace(torch.linalg.solve(S, cov))
    quadratic = (d * (torch.linalg.inv(cov) + torch.linalg.inv(S)).mm(d.T).T).sum(1)
    return 0.25 * (trace + quadratic - 2 * m.shape[1])


# %% spoils: traces_multiplied
# Takes the product of the traces for the trace of the product.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.inv(cov)) * torch.trace(S) / len(S)
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))


# %% spoils: batch_for_dimension
# Subtracts the size of the batch where the number of latents belongs.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - len(m) + torch.logdet(cov) - torch.logdet(S))


# %% spoils: diagonal_determinants
# Takes the product of the variances for a determinant.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    log_ratio = (cov.diagonal() / S.diagonal()).log().sum()
    return 0.5 * (trace + quadratic - m.shape[1] + log_ratio)


# %% spoils: cholesky_not_doubled
# Takes the log-determinants of the Cholesky factors for those of the covariances.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    log_ratio = torch.logdet(torch.linalg.cholesky(cov)) - torch.logdet(torch.linalg.cholesky(S))
    return 0.5 * (trace + quadratic - m.shape[1] + log_ratio)


# %% spoils: means_together
# Has the means of all rows in every distance: it takes the whole matrix of products.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d @ torch.linalg.solve(cov, d.T)).sum(1)
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (trace + quadratic - m.shape[1] + torch.logdet(cov) - torch.logdet(S))


# %% right: cholesky
# Cholesky factors and triangular solves.
import torch


def elbo_gap(m, S, mean, cov):
    A, C = torch.linalg.cholesky(S), torch.linalg.cholesky(cov)
    trace = torch.linalg.solve_triangular(C, A, upper=False).square().sum()
    quadratic = torch.linalg.solve_triangular(C, (mean - m).T, upper=False).square().sum(0)
    log_ratio = C.diagonal().log().sum() - A.diagonal().log().sum()
    return (trace + quadratic - m.shape[-1]) / 2 + log_ratio


# %% right: distributions
# torch.distributions does it all.
import torch


def elbo_gap(m, S, mean, cov):
    MVN = torch.distributions.MultivariateNormal
    return torch.distributions.kl_divergence(MVN(m, S), MVN(mean, cov))


# %% right: inverse
# An explicit inverse, and a loop over the batch.
import torch


def elbo_gap(m, S, mean, cov):
    inverse = torch.inverse(cov)
    shared = (
        (inverse * S).sum()
        - len(S)
        + torch.linalg.slogdet(cov).logabsdet
        - torch.linalg.slogdet(S).logabsdet
    )
    return torch.stack(
        [(shared + (c - a) @ inverse @ (c - a)) / 2 for a, c in zip(m, mean, strict=True)]
    )


# %% right: eigenvalues
# The spectrum of C^-1 S, through a Cholesky factor.
import torch


def elbo_gap(m, S, mean, cov):
    inverse = torch.linalg.inv(torch.linalg.cholesky(cov))
    spectrum = torch.linalg.eigvalsh(inverse @ S @ inverse.T)
    distance = torch.einsum("ij,bj->bi", inverse, mean - m).square().sum(dim=-1)
    return ((spectrum - spectrum.log() - 1).sum() + distance) * torch.tensor(0.5, device=m.device)


# %% right: expectation
# E[log q - log p] from densities: entropy of q and cross-entropy.
import math

import torch


def elbo_gap(m, S, mean, cov):
    K = m.size(-1)
    constant = K * math.log(2 * math.pi)
    negative_entropy = -0.5 * (constant + K + torch.linalg.slogdet(S).logabsdet)
    log_p = torch.distributions.MultivariateNormal(mean, cov).log_prob(m)
    return negative_entropy - log_p + 0.5 * torch.linalg.solve(cov, S).diagonal().sum()
