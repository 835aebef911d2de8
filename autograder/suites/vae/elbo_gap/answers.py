"""Known answers: The gap between log p(x) and the ELBO."""

# %% wrong: batch_mean
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


# %% wrong: determinants
# Takes the logarithm of the determinants' ratio, which is 0 / 0 with many latents.
import torch


def elbo_gap(m, S, mean, cov):
    d = mean - m
    quadratic = (d * torch.linalg.solve(cov, d.T).T).sum(1)
    ratio = torch.linalg.det(cov) / torch.linalg.det(S)
    return 0.5 * (
        torch.trace(torch.linalg.solve(cov, S)) + quadratic - m.shape[1] + torch.log(ratio)
    )


# %% wrong: diagonal
# Treats both covariances as diagonal.
def elbo_gap(m, S, mean, cov):
    s, c = S.diagonal(), cov.diagonal()
    return 0.5 * (
        (s / c).sum() + ((mean - m).pow(2) / c).sum(1) - m.shape[1] + c.log().sum() - s.log().sum()
    )


# %% wrong: euclidean_means
# Measures the distance of the means without the covariance.
import torch


def elbo_gap(m, S, mean, cov):
    trace = torch.trace(torch.linalg.solve(cov, S))
    return 0.5 * (
        trace + (mean - m).pow(2).sum(1) - m.shape[1] + torch.logdet(cov) - torch.logdet(S)
    )


# %% wrong: means_in_q
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


# %% wrong: missing_half
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


# %% wrong: reversed
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


# %% wrong: trace_swapped
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
