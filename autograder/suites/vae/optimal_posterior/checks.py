"""Hidden checks: the exact posterior of the linear-Gaussian VAE."""

import pytest
import torch

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.vae.optimal_posterior import oracle


def model(draw, batch=5, D=4, K=2):
    return 2 * draw.normal(batch, D), draw.normal(D, K), draw.normal(D)


@weight(2)
@pytest.mark.parametrize("sigma", [0.3, 1.7])
def test_mean(student, draw, sigma):
    """gives the right mean for each x, whatever the noise level"""
    given = model(draw)
    close(student.optimal_posterior(*given, sigma)[0], oracle.optimal_posterior(*given, sigma)[0])


@weight(2)
@pytest.mark.parametrize("sigma", [0.3, 1.7])
def test_covariance(student, draw, sigma):
    """gives the right covariance, whatever the noise level"""
    given = model(draw)
    close(student.optimal_posterior(*given, sigma)[1], oracle.optimal_posterior(*given, sigma)[1])


def test_pair(student, draw):
    """returns two tensors, mean and covariance"""
    given = model(draw)
    value = student.optimal_posterior(*given, 0.6)
    is_true(isinstance(value, list | tuple) and len(value) == 2)
    close(list(value), list(oracle.optimal_posterior(*given, 0.6)))


def test_more_latents(student, draw):
    """is right when there are more latents than dimensions of x"""
    given = model(draw, D=3, K=6)
    close(student.optimal_posterior(*given, 0.8), oracle.optimal_posterior(*given, 0.8))


@pytest.mark.parametrize("sigma", [0.02, 50.0])
def test_extreme_noise(student, draw, sigma):
    """is right when there is hardly any noise, and when there is hardly any signal"""
    given = model(draw, D=6, K=3)
    close(student.optimal_posterior(*given, sigma), oracle.optimal_posterior(*given, sigma))


def test_offset(student, draw):
    """is right when b is far from zero"""
    x, W, b = model(draw)
    close(
        student.optimal_posterior(x + 30, W, b + 30, 0.8),
        oracle.optimal_posterior(x + 30, W, b + 30, 0.8),
    )


@pytest.mark.parametrize("which", [0, 1])
def test_gradients(student, draw, which):
    """sends the right gradients to x and W"""
    x, W, b = model(draw)
    # the covariance is symmetric, so it is weighed symmetrically
    side = (
        torch.ones(2, 2, dtype=torch.float64)
        if which
        else torch.ones(5, 2, dtype=torch.float64) + draw.normal(5, 2)
    )
    same_gradients(
        lambda x, W: side * student.optimal_posterior(x, W, b, 0.7)[which],
        lambda x, W: side * oracle.optimal_posterior(x, W, b, 0.7)[which],
        x,
        W,
    )


globals().update(
    usual_checks(oracle.optimal_posterior, lambda draw: (*model(draw), 0.7), rtol=1e-9)
)
