"""Hidden checks: the exact posterior of the linear-Gaussian VAE."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.vae.optimal_posterior import oracle
from autograder.suites.vae.shared import linear_model

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.1, "conventions": 0.1}


def agree(student, *given):
    close(
        student.optimal_posterior(*given),
        oracle.optimal_posterior(*given),
        rtol=1e-5,
        atol=1e-9,
    )


def ordinary(student, draw):
    given = *linear_model(draw), 0.7
    once_right(student.optimal_posterior(*given), oracle.optimal_posterior(*given))


@pytest.mark.parametrize("sigma", [0.3, 1.7])
def test_mean(student, draw, sigma):
    """gives the right mean for each x, whatever the noise level"""
    given = *linear_model(draw), sigma
    close(student.optimal_posterior(*given)[0], oracle.optimal_posterior(*given)[0])


@pytest.mark.parametrize("sigma", [0.3, 1.7])
def test_covariance(student, draw, sigma):
    """gives the right covariance, whatever the noise level"""
    given = *linear_model(draw), sigma
    close(student.optimal_posterior(*given)[1], oracle.optimal_posterior(*given)[1])


@aspect("gradients")
@pytest.mark.parametrize(("D", "K"), [(4, 2), (3, 5)])
def test_gradients_of_mean(student, draw, D, K):
    """sends the right gradients from the mean to x, W and b"""
    same_gradients(
        lambda x, W, b: student.optimal_posterior(x, W, b, 0.7)[0],
        lambda x, W, b: oracle.optimal_posterior(x, W, b, 0.7)[0],
        *linear_model(draw, D=D, K=K),
    )


@aspect("gradients")
@pytest.mark.parametrize(("D", "K"), [(4, 2), (3, 5)])
def test_gradients_of_covariance(student, draw, D, K):
    """sends the right gradient from the covariance to W"""
    x, W, b = linear_model(draw, D=D, K=K)
    same_gradients(
        lambda W: student.optimal_posterior(x, W, b, 0.7)[1],
        lambda W: oracle.optimal_posterior(x, W, b, 0.7)[1],
        W,
    )


@aspect("gradients")
def test_gradients_of_images(student, draw):
    """sends the right gradients when x has many dimensions"""

    def both(answer):
        return lambda x, W, b: torch.cat(list(answer(x, W, b, 0.7)))

    same_gradients(
        both(student.optimal_posterior),
        both(oracle.optimal_posterior),
        *linear_model(draw, D=60, K=3),
    )


@aspect("edges")
@after(test_mean)
def test_pair(student, draw):
    """returns two tensors, mean and covariance"""
    value = student.optimal_posterior(*linear_model(draw), 0.6)
    is_true(isinstance(value, list | tuple) and len(value) == 2)


@aspect("edges")
@pytest.mark.parametrize("sigma", [0.02, 50.0])
def test_extreme_noise(student, draw, sigma):
    """is right when there is hardly any noise, and when there is hardly any signal"""
    ordinary(student, draw)
    agree(student, *linear_model(draw, D=6, K=3), sigma)


@aspect("edges")
@pytest.mark.parametrize(("batch", "D", "K"), [(1, 4, 2), (5, 1, 1), (5, 4, 1), (1, 1, 1)])
def test_one(student, draw, batch, D, K):
    """is right for a batch of one, and for one dimension or one latent"""
    ordinary(student, draw)
    agree(student, *linear_model(draw, batch, D, K), 0.8)


@aspect("edges")
def test_rank(student, draw):
    """is right when W has more columns than rows, and when columns of W are zero"""
    ordinary(student, draw)
    agree(student, *linear_model(draw, D=3, K=6), 0.8)
    x, W, b = linear_model(draw, D=4, K=3)
    agree(student, x, W * torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64), b, 0.8)


globals().update(usual_checks(oracle.optimal_posterior, lambda draw: (*linear_model(draw), 0.7)))
