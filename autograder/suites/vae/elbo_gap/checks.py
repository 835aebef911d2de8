"""Hidden checks: KL between two Gaussians, the gap of the bound."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.elbo_gap import oracle
from autograder.suites.vae.gaussian_elbo import oracle as gaussian_elbo_oracle
from autograder.suites.vae.log_marginal import oracle as log_marginal_oracle
from autograder.suites.vae.optimal_posterior import oracle as optimal_posterior_oracle


def covariance(draw, K, floor=0.2):
    root = draw.normal(K, K)
    return root @ root.T / K + floor * torch.eye(K, dtype=torch.float64)


def pair(draw, batch=5, K=3):
    """m, S, mean, cov with covariances that do not commute."""
    return draw.normal(batch, K), covariance(draw, K), draw.normal(batch, K), covariance(draw, K)


@weight(3)
def test_values(student, draw):
    """is right for two Gaussians with full, different covariances"""
    given = pair(draw)
    close(student.elbo_gap(*given), oracle.elbo_gap(*given))


def test_direction(student, draw):
    """puts q first: the KL is not symmetric"""
    m, S, mean, cov = pair(draw, K=2)
    close(student.elbo_gap(m, 5 * S, mean, 0.5 * cov), oracle.elbo_gap(m, 5 * S, mean, 0.5 * cov))
    close(student.elbo_gap(m, 0.2 * S, mean, 2 * cov), oracle.elbo_gap(m, 0.2 * S, mean, 2 * cov))


def test_means(student, draw):
    """measures the distance of the means in the right units when the covariances agree"""
    m, S, mean, _ = pair(draw)
    close(student.elbo_gap(m, S, mean, S), oracle.elbo_gap(m, S, mean, S))


def test_zero(student, draw):
    """is zero where q is the posterior, for each row of the batch"""
    m, S, _, _ = pair(draw, batch=4)
    close(student.elbo_gap(m, S, m, S), torch.zeros(4))
    given = m, S, m + draw.normal(4, 3), S
    close(student.elbo_gap(*given), oracle.elbo_gap(*given))


@weight(2)
def test_gap(student, draw):
    """is the distance from the ELBO to log p(x) in a linear-Gaussian model"""
    x, W, b, sigma = draw.normal(5, 4), draw.normal(4, 2), draw.normal(4), 0.7
    m, S = draw.normal(5, 2), covariance(draw, 2)
    gap = log_marginal_oracle.log_marginal(x, W, b, sigma) - gaussian_elbo_oracle.gaussian_elbo(
        x, W, b, sigma, m, S
    )
    close(student.elbo_gap(m, S, *optimal_posterior_oracle.optimal_posterior(x, W, b, sigma)), gap)


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_many_latents(student, draw, scale):
    """stays finite and exact when there are many latents, all nearly certain or all vague"""
    S, cov = (
        torch.diag(draw.uniform(100, low=0.5, high=2.0)),
        torch.diag(draw.uniform(100, low=0.5, high=2.0)),
    )
    m, mean = draw.normal(2, 100), draw.normal(2, 100)
    close(
        student.elbo_gap(m, scale * S, mean, scale * cov),
        oracle.elbo_gap(m, scale * S, mean, scale * cov),
    )


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to both means"""
    m, S, mean, cov = pair(draw)
    same_gradients(
        lambda m, mean: student.elbo_gap(m, S, mean, cov),
        lambda m, mean: oracle.elbo_gap(m, S, mean, cov),
        m,
        mean,
    )


def test_gradient_of_covariance(student, draw):
    """sends the right gradients to both covariances"""
    m, S, mean, cov = pair(draw)
    # through factors, because a covariance only moves symmetrically
    same_gradients(
        lambda left, right: student.elbo_gap(m, left @ left.T, mean, right @ right.T),
        lambda left, right: oracle.elbo_gap(m, left @ left.T, mean, right @ right.T),
        torch.linalg.cholesky(S),
        torch.linalg.cholesky(cov),
    )


globals().update(usual_checks(oracle.elbo_gap, pair, rtol=1e-8))
