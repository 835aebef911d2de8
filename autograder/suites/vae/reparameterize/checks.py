"""Hidden checks: the reparameterised sample."""

import pytest
import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.reparameterize import oracle


@weight(3)
def test_values(student, draw):
    """gives the sample that belongs to the noise, when variances are not one"""
    mu, logvar, eps = draw.normal(5, 3), draw.normal(5, 3), draw.normal(5, 3)
    close(student.reparameterize(mu, logvar, eps), oracle.reparameterize(mu, logvar, eps))


def test_noise_of_each_sample(student, draw):
    """uses its own noise for each element of the batch and each latent"""
    mu, logvar, eps = (
        draw.normal(1, 1).expand(6, 4),
        draw.normal(1, 1).expand(6, 4),
        draw.normal(6, 4),
    )
    close(student.reparameterize(mu, logvar, eps), oracle.reparameterize(mu, logvar, eps))


def test_deterministic(student, draw):
    """is a function of its arguments alone: the same noise gives the same sample"""
    mu, logvar, eps = draw.normal(5, 3), draw.normal(5, 3), draw.normal(5, 3)
    first, second = student.reparameterize(mu, logvar, eps), student.reparameterize(mu, logvar, eps)
    close(first, second)
    close(first, oracle.reparameterize(mu, logvar, eps))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the mean and to the log-variance"""
    eps = draw.normal(4, 3)
    same_gradients(
        lambda mu, logvar: student.reparameterize(mu, logvar, eps),
        lambda mu, logvar: oracle.reparameterize(mu, logvar, eps),
        draw.normal(4, 3),
        draw.normal(4, 3),
    )


@pytest.mark.parametrize("centre", [-60.0, 60.0])
def test_extreme_variances(student, draw, centre):
    """is right when the variance is very small or very large"""
    mu, logvar, eps = draw.normal(4, 3), centre + draw.normal(4, 3), draw.normal(4, 3)
    close(student.reparameterize(mu, logvar, eps), oracle.reparameterize(mu, logvar, eps))
    zero = torch.zeros_like(mu)
    close(
        student.reparameterize(zero, logvar, eps),
        oracle.reparameterize(zero, logvar, eps),
        atol=1e-20,
    )


globals().update(
    usual_checks(
        oracle.reparameterize,
        lambda draw: (draw.normal(5, 3), draw.normal(5, 3), draw.normal(5, 3)),
    )
)
