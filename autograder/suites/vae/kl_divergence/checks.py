"""Hidden checks: KL to the standard normal prior."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.kl_divergence import oracle


@weight(3)
def test_values(student, draw):
    """is right for means and variances that are both non-trivial, in a batch larger than one"""
    mu, logvar = draw.normal(5, 3), draw.normal(5, 3)
    close(student.kl_divergence(mu, logvar), oracle.kl_divergence(mu, logvar))


def test_many_latents(student, draw):
    """charges for every latent when there are more latents than samples"""
    mu, logvar = draw.normal(2, 40), draw.normal(2, 40)
    close(student.kl_divergence(mu, logvar), oracle.kl_divergence(mu, logvar))


def test_prior(student, draw):
    """is zero at the prior and positive on both sides of it"""
    zeros = torch.zeros(4, 3, dtype=torch.float64)
    close(student.kl_divergence(zeros, zeros), 0.0)
    for logvar in (draw.uniform(4, 3, low=0.5, high=2.0), draw.uniform(4, 3, low=-2.0, high=-0.5)):
        close(student.kl_divergence(zeros, logvar), oracle.kl_divergence(zeros, logvar))


@pytest.mark.parametrize("centre", [-60.0, 40.0])
def test_extreme_variances(student, draw, centre):
    """stays finite and exact when the variance is very small or very large"""
    mu, logvar = draw.normal(4, 3), centre + draw.normal(4, 3)
    close(student.kl_divergence(mu, logvar), oracle.kl_divergence(mu, logvar))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the mean and to the log-variance"""
    same_gradients(
        student.kl_divergence, oracle.kl_divergence, draw.normal(4, 3), draw.normal(4, 3)
    )


globals().update(
    usual_checks(oracle.kl_divergence, lambda draw: (draw.normal(5, 3), draw.normal(5, 3)))
)
