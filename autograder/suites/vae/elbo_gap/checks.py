"""Hidden checks: KL between two Gaussians, the gap of the bound."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.elbo_gap import oracle
from autograder.suites.vae.gaussian_elbo import oracle as gaussian_elbo_oracle
from autograder.suites.vae.log_marginal import oracle as log_marginal_oracle
from autograder.suites.vae.optimal_posterior import oracle as optimal_posterior_oracle
from autograder.suites.vae.shared import covariance, linear_model

ASPECTS = {"values": 0.4, "images": 0.15, "gradients": 0.25, "edges": 0.1, "conventions": 0.1}


def pair(draw, batch=5, K=3):
    """m, S, mean, cov with covariances that do not commute."""
    return draw.normal(batch, K), covariance(draw, K), draw.normal(batch, K), covariance(draw, K)


def agree(student, *given):
    close(student.elbo_gap(*given), oracle.elbo_gap(*given))


def ordinary(student, draw):
    given = pair(draw)
    once_right(student.elbo_gap(*given), oracle.elbo_gap(*given))


def test_values(student, draw):
    """is right for two Gaussians with full, different covariances"""
    agree(student, *pair(draw))


@pytest.mark.parametrize(("left", "right"), [(1.0, 1.0), (5.0, 0.5), (0.2, 2.0)])
def test_covariances(student, draw, left, right):
    """is right where the means agree and the covariances differ"""
    m, S, _, cov = pair(draw)
    agree(student, m, left * S, m, right * cov)


def test_means(student, draw):
    """measures the distance of the means in the right units when the covariances agree"""
    m, S, mean, _ = pair(draw)
    agree(student, m, S, mean, S)


def test_gap(student, draw):
    """is the distance from the ELBO to log p(x) in a linear-Gaussian model"""
    given = *linear_model(draw), 0.7
    m, S = draw.normal(5, 2), covariance(draw, 2)
    gap = log_marginal_oracle.log_marginal(*given) - gaussian_elbo_oracle.gaussian_elbo(
        *given, m, S
    )
    close(student.elbo_gap(m, S, *optimal_posterior_oracle.optimal_posterior(*given)), gap)


@aspect("images")
@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_many_latents(student, draw, scale):
    """stays finite and exact when there are many latents, all nearly certain or all vague"""
    ordinary(student, draw)
    S, cov = (torch.diag(draw.uniform(100, low=0.5, high=2.0)) for _ in range(2))
    m, mean = (scale**0.5 * draw.normal(2, 100) for _ in range(2))
    agree(student, m, scale * S, mean, scale * cov)


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to both Gaussians"""
    right_gradients(student, *pair(draw))


@aspect("gradients")
def test_gradients_at_equal_means(student, draw):
    """sends the right gradients where the means agree"""
    m, S, _, cov = pair(draw)
    right_gradients(student, m, S, m, cov)


def right_gradients(student, m, S, mean, cov):
    # to the covariances through factors, because they only move symmetrically
    same_gradients(
        lambda m, S, mean, cov: student.elbo_gap(m, S @ S.T, mean, cov @ cov.T),
        lambda m, S, mean, cov: oracle.elbo_gap(m, S @ S.T, mean, cov @ cov.T),
        *(m, torch.linalg.cholesky(S)),
        *(mean, torch.linalg.cholesky(cov)),
    )


@aspect("edges")
@pytest.mark.parametrize(("batch", "K"), [(1, 3), (5, 1), (1, 1)])
def test_one(student, draw, batch, K):
    """is right for a batch of one, and for one latent"""
    ordinary(student, draw)
    agree(student, *pair(draw, batch, K))


@aspect("edges")
def test_far(student, draw):
    """is right for Gaussians that lie far apart"""
    ordinary(student, draw)
    m, S, mean, cov = pair(draw)
    agree(student, m + 1000, S, mean, cov)


@aspect("edges")
def test_zero(student, draw):
    """is zero where q is the posterior, for each row of the batch"""
    ordinary(student, draw)
    m, S, _, _ = pair(draw, batch=4)
    close(student.elbo_gap(m, S, m, S), torch.zeros(4))


globals().update(usual_checks(oracle.elbo_gap, pair))
