"""Hidden checks: exact log p(x) of the linear-Gaussian VAE."""

import pytest
import torch

from autograder.checks import aspect, close, once_right, same_gradients, usual_checks
from autograder.suites.vae.log_marginal import oracle
from autograder.suites.vae.shared import linear_model

ASPECTS = {"values": 0.4, "images": 0.15, "gradients": 0.25, "edges": 0.1, "conventions": 0.1}


def agree(student, *given):
    close(student.log_marginal(*given), oracle.log_marginal(*given))


def ordinary(student, draw):
    given = *linear_model(draw), 0.7
    once_right(student.log_marginal(*given), oracle.log_marginal(*given))


@pytest.mark.parametrize("sigma", [0.3, 1.0, 1.7])
def test_values(student, draw, sigma):
    """is right for each x of a batch, whatever the noise level"""
    agree(student, *linear_model(draw), sigma)


@aspect("images")
@pytest.mark.parametrize("sigma", [0.01, 100.0])
def test_many_dimensions(student, draw, sigma):
    """stays finite and exact when x has the size of an image, with little noise or with much"""
    ordinary(student, draw)
    x, W, b = sigma * draw.normal(3, 200), draw.normal(200, 3), draw.normal(200)
    agree(student, x + draw.normal(3, 3) @ W.T + b, W, b, sigma)


@aspect("gradients")
@pytest.mark.parametrize(("D", "K"), [(4, 2), (3, 5)])
def test_gradients(student, draw, D, K):
    """sends the right gradients to x, W and b"""
    right_gradients(student, *linear_model(draw, D=D, K=K))


@aspect("gradients")
def test_gradients_of_images(student, draw):
    """sends the right gradients when x has many dimensions"""
    right_gradients(student, *linear_model(draw, D=60, K=3))


def right_gradients(student, *given):
    same_gradients(
        lambda x, W, b: student.log_marginal(x, W, b, 0.7),
        lambda x, W, b: oracle.log_marginal(x, W, b, 0.7),
        *given,
    )


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


globals().update(usual_checks(oracle.log_marginal, lambda draw: (*linear_model(draw), 0.7)))
