"""Hidden checks: KL to the standard normal prior."""

import pytest
import torch

from autograder.checks import close, follows_device, has_dtype, inputs_unchanged, same_gradients, weight
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
    same_gradients(student.kl_divergence, oracle.kl_divergence, draw.normal(4, 3), draw.normal(4, 3))


def test_inputs(student, draw):
    """leaves its arguments as they were"""
    mu, logvar = draw.normal(4, 3), draw.normal(4, 3)
    value = student.kl_divergence(mu, logvar)
    inputs_unchanged(student)
    close(value, oracle.kl_divergence(mu, logvar))


def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    mu, logvar = draw.normal(5, 3), draw.normal(5, 3)
    close(student.kl_divergence(mu, logvar), oracle.kl_divergence(mu, logvar), rtol=1e-10, atol=1e-11)
    has_dtype(student.kl_divergence(mu.float(), logvar.float()), torch.float32)


def test_device(student, draw):
    """computes on the device of its inputs"""
    follows_device(student.kl_divergence, oracle.kl_divergence, draw.normal(4, 3), draw.normal(4, 3))
