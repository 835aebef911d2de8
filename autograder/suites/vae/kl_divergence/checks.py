"""Hidden checks: KL to the standard normal prior."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.kl_divergence import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def agrees(student, mu, logvar):
    close(student.kl_divergence(mu, logvar), oracle.kl_divergence(mu, logvar))


def ordinary(student, draw):
    """Fails, for a reason of its own, where corners are not worth a look yet."""
    mu, logvar = draw.normal(4, 3), draw.normal(4, 3)
    once_right(student.kl_divergence(mu, logvar), oracle.kl_divergence(mu, logvar))


@pytest.mark.parametrize("shape", [(5, 3), (2, 40)])
def test_values(student, draw, shape):
    """is right for any means and variances, summed over the latents and averaged over the batch"""
    agrees(student, draw.normal(*shape), draw.normal(*shape))


def test_means(student, draw):
    """charges for means that lie away from the prior's, where the variance is the prior's"""
    mu = 2 * draw.normal(5, 3)
    agrees(student, mu, torch.zeros_like(mu))


def test_variances(student, draw):
    """is zero at the prior, and charges for variances on both sides of it, where the mean is 0"""
    zeros = torch.zeros(4, 3, dtype=torch.float64)
    close(student.kl_divergence(zeros, zeros), 0.0)
    agrees(student, zeros, draw.uniform(4, 3, low=0.5, high=2.0))
    agrees(student, zeros, draw.uniform(4, 3, low=-2.0, high=-0.5))


@aspect("edges")
@pytest.mark.parametrize("centre", [-60.0, 40.0])
def test_extreme_variances(student, draw, centre):
    """stays finite and exact when the variance is very small or very large"""
    ordinary(student, draw)
    agrees(student, draw.normal(4, 3), centre + draw.normal(4, 3).clamp(min=0, max=0.5))


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (5, 1), (1, 1)])
def test_sizes_of_one(student, draw, shape):
    """is right for a batch of one, and for a single latent"""
    ordinary(student, draw)
    agrees(student, draw.normal(*shape), draw.normal(*shape))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to the mean and to the log-variance"""
    same_gradients(
        student.kl_divergence, oracle.kl_divergence, draw.normal(4, 3), draw.normal(4, 3)
    )


@aspect("edges")
def test_gradients_at_the_prior(student, draw):
    """has the right gradients where a posterior of the batch is the prior itself"""
    ordinary(student, draw)
    mu, logvar = draw.normal(4, 3), draw.normal(4, 3)
    mu[1], logvar[1] = 0, 0
    same_gradients(student.kl_divergence, oracle.kl_divergence, mu, logvar)


@aspect("edges")
@pytest.mark.parametrize("centre", [-60.0, 40.0])
def test_extreme_gradients(student, draw, centre):
    """has the right gradients when the variance is very small or very large"""
    ordinary(student, draw)
    mu, logvar = draw.normal(4, 3), centre + draw.normal(4, 3).clamp(min=0, max=0.5)
    same_gradients(student.kl_divergence, oracle.kl_divergence, mu, logvar)


globals().update(
    usual_checks(oracle.kl_divergence, lambda draw: (draw.normal(5, 3), draw.normal(5, 3)))
)
